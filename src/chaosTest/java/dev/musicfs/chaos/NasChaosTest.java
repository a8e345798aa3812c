package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mounted share whose server stops answering: every call on it hangs in the kernel until the server is back. */
@ExtendWith(LabExtension.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NasChaosTest {
    private static final Duration BOUND = Duration.ofSeconds(40);
    private static final int TRACKS = 6;
    private static final int READERS = 20;
    private static final long PIECE_BYTES = 64 << 10;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "reader");
        thread.setDaemon(true);
        return thread;
    });
    private Lab lab;
    private Share share;
    private Mounted mounted;

    /** In this order, so that nothing ever waits for the frozen server. */
    @AfterEach
    void leaveNothing() {
        if (lab != null) {
            lab.ssh().thaw();
        }
        if (mounted != null) {
            mounted.close();
        }
        if (share != null) {
            share.close();
        }
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "smb"})
    @Resilience({"3.8", "B.2", "B.4", "N.4"})
    void aShareThatHangsHangsNobodyAndIsUsedAgainWhenItAnswers(String type, Lab given) throws Exception {
        lab = given;
        Library library = Library.of(lab, "Nas " + type, TRACKS);
        var dir = lab.scratch("nas");
        share = new Share(lab.ssh(), library.dir(), dir.resolve("share"));
        String keys = "type = \"%s\"%npath = \"%s\"%n".formatted(type, share.mountPoint());
        mounted = Mounted.scanned(dir, Mounted.SETTINGS + Mounted.origin("nas", 1, keys), library);
        mounted.awaitHealed();
        String cached = library.shown().get(0);
        assertThat(Trees.sha256(mounted.track(cached))).isEqualTo(Trees.sha256(library.original(cached)));

        lab.ssh().freeze();
        // Of what is cached, the store has to give the bytes, and not the kernel.
        mounted.dropPageCache(cached);
        try (Bystander bystander = new Bystander(mounted.mountPoint(), cached)) {
            List<Future<Outcome>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                String track = library.shown().get(1 + i % (TRACKS - 1));
                long from = PIECE_BYTES * (2 + i / (TRACKS - 1));
                readers.add(threads.submit(
                        () -> Outcome.read(mounted.track(track), library.original(track), from, PIECE_BYTES)));
            }
            for (Future<Outcome> reader : readers) {
                Outcome outcome = reader.get(2 * BOUND.toSeconds(), TimeUnit.SECONDS);
                assertThat(outcome.isWhole())
                        .as("it was spared: the silence proves nothing")
                        .isFalse();
                assertThat(outcome.slowest()).isLessThan(BOUND);
            }
            assertThat(Outcome.read(mounted.track(cached), library.original(cached), 0, Long.MAX_VALUE)
                            .isWhole())
                    .as("what is cached plays")
                    .isTrue();
            assertThat(mounted.isComplete(library)).isTrue();
            bystander.assertUndisturbed(type + " share frozen");
        }

        lab.ssh().thaw();
        mounted.awaitHealed();
        for (String track : library.shown()) {
            assertThat(Trees.sha256(mounted.track(track))).isEqualTo(Trees.sha256(library.original(track)));
        }
        mounted.awaitHealed();
        mounted.awaitIdleThreads();
    }
}
