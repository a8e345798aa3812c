package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.SmallDisk;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon that runs out of what a machine has to give. */
class ExhaustionIT {
    private static final int READERS = 8;
    private static final int ROUNDS = 6;
    private static final int STANDARD_DESCRIPTORS = 3;
    /** Of a virtual machine that was told to end then. */
    private static final int OUT_OF_MEMORY = 3;

    @TempDir
    Path dir;

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
    }

    /** So many more than it has open: none, or a few that are soon gone. */
    @ParameterizedTest
    @Resilience("5.3")
    @ValueSource(ints = {0, 4})
    void descriptorsThatRunOutCostErrorsAndNothingElse(int left) throws Exception {
        SortedMap<String, String> right = it.readOnce();
        // Of this mount the kernel has no pages yet: every read is the daemon's.
        try (DaemonProcess daemon = it.start()) {
            daemon.awaitOutput("musicfs: scanned ");
            daemon.await(() -> isWell(), "the daemon to take commands");
            long open = descriptors(daemon);
            // The limit is on their numbers: below this one all are taken, whatever is closed meanwhile.
            limit(daemon, left == 0 ? STANDARD_DESCRIPTORS : open + left);
            int failed = read(right);
            daemon.await(() -> failed > 0 || !isWell(), "the shortage to be felt");
            assertThat(failed > 0 || left > 0)
                    .as("without a descriptor nothing can be read")
                    .isTrue();
            it.put("meanwhile.flac", "Meanwhile");
            assertThat(it.names()).as("the tree is shown").containsAll(right.keySet());
            limit(daemon, 20_000);

            daemon.await(() -> it.reads(right), "everything to be read right again");
            Shell rescan = it.command("origin", "rescan", "disk");
            assertThat(rescan.exitCode()).as(rescan.output()).isZero();
            daemon.await(() -> it.shows("Meanwhile"), "the file of meanwhile");
            daemon.await(() -> isWell(), "the daemon to be well");
            assertThat(daemon.output().lines().count()).as(daemon.output()).isLessThan(200);
            // Netty logs with its stack what it could not accept.
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(it.cache().resolve("catalog.db.suspect")).doesNotExist();
        }
    }

    /** It serves, or it says in a sentence why not; it never leaves a mount behind. */
    @ParameterizedTest
    @Resilience("5.3")
    @ValueSource(ints = {64, 128, 256})
    void aStartWithFewDescriptorsServesOrEndsInASentence(int descriptors) throws Exception {
        List<String> few = List.of("prlimit", "--nofile=" + descriptors + ":" + descriptors);
        List<String> arguments =
                List.of("-c", it.config().toString(), "--cache-dir", it.cache().toString());
        try (DaemonProcess daemon = DaemonProcess.start(few, Map.of(), it.mount(), arguments)) {
            daemon.await(() -> !daemon.isAlive() || daemon.output().contains("musicfs: scanned "), "a scan or an end");
            if (daemon.output().contains("musicfs: serving")) {
                if (daemon.output().contains("musicfs: scanned ")) {
                    assertThat(it.names())
                            .as(daemon.output())
                            .containsAll(it.right().keySet());
                }
                daemon.signal("TERM");
                assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
                assertThat(daemon.output()).contains("0 phases unfinished");
            } else {
                assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(1);
                assertThat(daemon.output()).contains("descriptors");
            }
            assertThat(daemon.isMounted()).as(daemon.output()).isFalse();
            assertThat(daemon.output()).doesNotContain(SampleMount.traces());
        }
    }

    /** With the launcher's options: it serves, or it ends at once; it never stays half alive, and the next start serves. */
    @ParameterizedTest
    @Resilience("5.3")
    @ValueSource(ints = {12, 24})
    void aSmallHeapServesOrEndsTheDaemonAtOnce(int mebibytes) throws Exception {
        SortedMap<String, String> right = it.readOnce();
        // These come after those of the command line.
        Map<String, String> small =
                Map.of("_JAVA_OPTIONS", "-Xms8m -Xmx" + mebibytes + "m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError");
        try (DaemonProcess daemon = DaemonProcess.configured(small, it.mount(), it.cache(), it.config())) {
            daemon.await(() -> !daemon.isAlive() || daemon.output().contains("musicfs: scanned "), "a scan or an end");
            int failed = read(right);
            // What collects garbage most of the time may be slow to answer, and is well all the same.
            daemon.await(() -> !daemon.isAlive() || isWell(), "the daemon to be well or to end");
            if (daemon.isAlive() && failed == 0) {
                daemon.signal("TERM");
                assertThat(daemon.awaitExit()).as(daemon.output()).isIn(0, OUT_OF_MEMORY);
            } else {
                assertThat(daemon.awaitExit()).as(daemon.output()).isIn(1, OUT_OF_MEMORY);
            }
        }
        try (DaemonProcess daemon = it.start()) {
            daemon.await(() -> it.reads(right), "everything to be read right again");
            it.end(daemon);
        }
    }

    @Test
    @Resilience({"2.8", "6.6"})
    void aCacheDiskWithoutInodesCostsTheCacheAndNoRead() throws Exception {
        try (SmallDisk disk = SmallDisk.on(dir.resolve("disk"), "64m", 400)) {
            it = SampleMount.in(Files.createDirectories(dir.resolve("small")), dir.resolve("disk/cache"), "64MiB");
            try (DaemonProcess daemon = it.start()) {
                daemon.awaitOutput("musicfs: scanned ");
                daemon.await(() -> isWell(), "the daemon to take commands");
                disk.fillWithFiles();
                SortedMap<String, String> right = it.right();
                assertThat(it.reads(right)).as(daemon.output()).isTrue();
                daemon.await(() -> it.state().equals("degraded"), "the daemon to be degraded");
                assertThat(it.status().cache()).isEqualTo("full");
                assertThat(it.reads(right)).as(daemon.output()).isTrue();

                disk.makeRoom();
                daemon.await(() -> it.reads(right) && isWell(), "the daemon to be well again");
                assertThat(it.status().cache()).isEqualTo("normal");
                it.end(daemon);
            }
        }
    }

    /** How many reads failed; none gave wrong bytes and all ended. */
    private int read(SortedMap<String, String> right) throws InterruptedException {
        AtomicInteger failed = new AtomicInteger();
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicInteger ended = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Thread reader = new Thread(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    right.forEach((name, hash) -> {
                        try {
                            if (!Trees.sha256(it.mount().resolve(name)).equals(hash)) {
                                wrong.add(name);
                            }
                        } catch (UncheckedIOException e) {
                            failed.incrementAndGet();
                        }
                    });
                }
                ended.incrementAndGet();
            });
            reader.start();
            readers.add(reader);
        }
        for (Thread reader : readers) {
            reader.join(90_000);
        }
        assertThat(ended).as("readers that ended").hasValue(READERS);
        assertThat(wrong).isEmpty();
        return failed.get();
    }

    private boolean isWell() {
        return it.state().equals("ready");
    }

    private static long descriptors(DaemonProcess daemon) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "fd"))) {
            return open.count();
        }
    }

    private static void limit(DaemonProcess daemon, long descriptors) {
        Shell.require("prlimit", "--pid", Long.toString(daemon.pid()), "--nofile=" + descriptors + ":20000");
    }
}
