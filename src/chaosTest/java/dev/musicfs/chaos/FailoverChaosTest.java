package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One library on three servers of different kinds, of which some die while a track plays. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailoverChaosTest {
    private static final int TRACKS = 10;
    // 4 MB: far more than is fetched ahead of a player.
    private static final int MILLIS = 300_000;
    private static final long HEAD_BYTES = 128 << 10;
    private static final Duration BOUND = Duration.ofSeconds(40);

    private final Deque<String> fresh = new ArrayDeque<>();
    private Library library;
    private Proxied sftp;
    private Proxied s3;
    private Mounted mounted;

    @BeforeAll
    void mount(Lab lab) throws IOException {
        sftp = lab.wayTo(Protocol.SFTP);
        s3 = lab.wayTo(Protocol.S3);
        library = Library.of(lab, "Failover", TRACKS, MILLIS);
        fresh.addAll(library.shown());
        String configuration = Mounted.SETTINGS
                + Mounted.origin("primary", 1, Protocol.SFTP.keys(lab, library.dir(), sftp.port()))
                + Mounted.origin("backup", 2, Protocol.S3.keys(lab, library.dir(), s3.port()));
        mounted = Mounted.scanned(lab.scratch("failover"), configuration, library);
        // The tree is whole as soon as one origin has been read.
        awaitScanOf("primary");
        awaitScanOf("backup");
        mounted.awaitHealed();
    }

    @AfterAll
    void unmount() {
        if (mounted != null) {
            mounted.close();
        }
        sftp.close();
        s3.close();
    }

    @AfterEach
    void heal() {
        sftp.heal();
        s3.heal();
        mounted.awaitHealed();
    }

    @Test
    void copiesOfOneTrackAreOneEntry() throws IOException {
        assertThat(Trees.files(mounted.mountPoint())).hasSize(TRACKS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DOWN", "BLACKHOLE", "RESET_PEER", "LIMIT_DATA"})
    @Resilience({"N.1", "4.2.6"})
    void aTrackPlaysOnFromTheBackupWhenThePrimaryDies(Fault fault) throws Exception {
        String track = fresh.remove();
        Path file = mounted.track(track);
        Path original = library.original(track);
        assertThat(Outcome.read(file, original, 0, HEAD_BYTES).error()).isEmpty();
        try (Bystander bystander =
                new Bystander(mounted.mountPoint(), library.shown().get(0))) {
            long before = fetched("backup");
            sftp.ail(fault);
            Outcome rest = Outcome.read(file, original, HEAD_BYTES, Long.MAX_VALUE - HEAD_BYTES);
            assertThat(rest.error()).as("what the player saw of it").isEmpty();
            assertThat(rest.slowest()).isLessThan(BOUND);
            assertThat(fetched("backup") - before).as("bytes from the backup").isPositive();
            System.out.printf(
                    "chaos: failover, %s: slowest read %.1f s%n",
                    fault.title(), rest.slowest().toMillis() / 1e3);
            bystander.assertUndisturbed("failover, " + fault.title());
        }
        assertThat(Trees.sha256(file)).isEqualTo(Trees.sha256(original));
        if (fault.stopsReads()) {
            // Of a primary that answers now and then, the last word may be its own.
            mounted.daemon().await(() -> attribute(file, "backup").equals("1"), "the track to be marked");
            assertThat(attribute(file, "served_by")).isEqualTo("backup");
        }
        assertThat(attribute(file, "copies")).isEqualTo("primary,backup");
    }

    @Test
    @Resilience({"N.3", "4.2.6"})
    void thePrimaryIsReadAgainOnceItIsBack() throws Exception {
        sftp.ail(Fault.DOWN);
        assertWhole(fresh.remove());
        // Known by a probe, too: one that is under way would otherwise end after the healing, and take the primary for
        // away.
        mounted.daemon()
                .await(() -> !mounted.api().origin("primary").getString("state").equals("up"), "the fault to be known");
        sftp.heal();
        mounted.awaitHealed();
        long before = fetched("primary");
        String track = fresh.remove();
        assertWhole(track);
        assertThat(fetched("primary") - before)
                .as(
                        "bytes from the primary, of %s; the daemon printed:%n%s",
                        mounted.api().origins(), mounted.daemon().output())
                .isPositive();
        assertThat(attribute(mounted.track(track), "backup")).isEqualTo("0");
        assertThat(attribute(mounted.track(track), "served_by")).isEqualTo("primary");
    }

    @Test
    @Resilience({"4.2.3", "B.2", "B.4", "N.2"})
    void withEveryOriginDeadTheTreeIsCompleteAndWhatIsCachedPlays() throws Exception {
        String cached = fresh.remove();
        assertWhole(cached);
        mounted.dropPageCache(cached);
        sftp.ail(Fault.DOWN);
        s3.ail(Fault.BLACKHOLE);
        try (Bystander bystander =
                new Bystander(mounted.mountPoint(), library.shown().get(0))) {
            String uncached = fresh.remove();
            // Until the daemon knows that they are dead a reader pays for finding out.
            Outcome first = Outcome.read(mounted.track(uncached), library.original(uncached), 0, HEAD_BYTES);
            assertThat(first.isWhole()).isFalse();
            assertThat(first.slowest()).isLessThan(BOUND);
            mounted.daemon().await(() -> mounted.api().state().equals("offline"), "the daemon to be offline");

            assertWhole(cached);
            assertThat(mounted.isComplete(library)).isTrue();
            Outcome again = Outcome.read(mounted.track(uncached), library.original(uncached), HEAD_BYTES, HEAD_BYTES);
            assertThat(again.isWhole()).isFalse();
            assertThat(again.slowest())
                    .as("a reader pays nothing for what is known")
                    .isLessThan(Duration.ofSeconds(2));
            bystander.assertUndisturbed("all origins dead");
        }
        sftp.heal();
        s3.heal();
        mounted.daemon().await(() -> mounted.api().state().equals("ready"), "the daemon to be ready again");
        assertWhole(fresh.remove());
        mounted.awaitIdleThreads();
    }

    private void awaitScanOf(String id) {
        Pattern scan = Pattern.compile("musicfs: scanned " + id + ": " + TRACKS + " files, [0-9]+ new, 0 unreadable");
        mounted.daemon()
                .await(
                        () -> scan.matcher(mounted.daemon().output()).find(),
                        "every track of origin " + id + " to be known");
    }

    private void assertWhole(String track) {
        assertThat(Trees.sha256(mounted.track(track))).isEqualTo(Trees.sha256(library.original(track)));
    }

    private long fetched(String id) {
        return mounted.api().origin(id).getLong("fetchedBytes");
    }

    private static String attribute(Path file, String name) {
        try {
            Object view = Files.getAttribute(file, "user:musicfs." + name);
            return new String((byte[]) view, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
