package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private Path origin;
    private Path mount;
    private Path cache;
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
        config = Files.writeString(
                dir.resolve("musicfs.toml"),
                "[cache]\nlocal = \"always\"\nsize = \"64MiB\"\nmin_free = 0\n[[origins]]\nid = \"disk\"\npath = \""
                        + origin + "\"\n");
    }

    /** So many more than it has open: none, or a few that are soon gone. */
    @ParameterizedTest
    @Resilience("5.3")
    @ValueSource(ints = {0, 4})
    void descriptorsThatRunOutCostErrorsAndNothingElse(int left) throws Exception {
        SortedMap<String, String> right = readOnce();
        // Of this mount the kernel has no pages yet: every read is the daemon's.
        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned ");
            long open = descriptors(daemon);
            // The limit is on their numbers: below this one all are taken, whatever is closed meanwhile.
            limit(daemon, left == 0 ? STANDARD_DESCRIPTORS : open + left);
            int failed = read(right);
            assertThat(failed > 0 || left > 0)
                    .as("without a descriptor nothing can be read")
                    .isTrue();
            Files.copy(
                    TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "Meanwhile")),
                    origin.resolve("meanwhile.flac"));
            assertThat(names()).as("the tree is shown").containsAll(right.keySet());
            limit(daemon, 20_000);

            daemon.await(() -> reads(right), "everything to be read right again");
            Shell rescan = command("origin", "rescan", "disk");
            assertThat(rescan.exitCode()).as(rescan.output()).isZero();
            daemon.await(() -> names().stream().anyMatch(name -> name.contains("Meanwhile")), "the file of meanwhile");
            daemon.await(() -> exitOf("status") == 0, "the daemon to be well");
            assertThat(daemon.output().lines().count()).as(daemon.output()).isLessThan(200);
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(cache.resolve("catalog.db.suspect")).doesNotExist();
        }
    }

    /** It serves, or it says in a sentence why not; it never leaves a mount behind. */
    @ParameterizedTest
    @Resilience("5.3")
    @ValueSource(ints = {64, 128, 256})
    void aStartWithFewDescriptorsServesOrEndsInASentence(int descriptors) throws Exception {
        // In the foreground, or timeout(1) signals the daemon twice: by itself and with its group.
        List<String> command = new ArrayList<>(List.of(
                "prlimit",
                "--nofile=" + descriptors + ":" + descriptors,
                "timeout",
                "--foreground",
                "-s",
                "TERM",
                "10"));
        command.addAll(DaemonProcess.javaJar());
        command.addAll(List.of("mount", mount.toString(), "-c", config.toString(), "--cache-dir", cache.toString()));
        Shell run = Shell.run(command);
        assertThat(DaemonProcess.isMounted(mount)).as(run.output()).isFalse();
        if (run.output().contains("musicfs: serving")) {
            // timeout(1) gives 124 when it had to end the daemon, which then ended in order.
            assertThat(run.exitCode()).as(run.output()).isIn(0, 124);
            assertThat(run.output()).contains("0 phases unfinished");
        } else {
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.output()).contains("descriptors");
        }
        assertThat(run.output()).doesNotContain("\tat ");
    }

    /** With the launcher's options: it serves, or it ends at once; it never stays half alive, and the next start serves. */
    @ParameterizedTest
    @Resilience("5.3")
    @ValueSource(ints = {12, 24})
    void aSmallHeapServesOrEndsTheDaemonAtOnce(int mebibytes) throws Exception {
        SortedMap<String, String> right = readOnce();
        // These come after those of the command line.
        Map<String, String> small =
                Map.of("_JAVA_OPTIONS", "-Xms8m -Xmx" + mebibytes + "m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError");
        try (DaemonProcess daemon = DaemonProcess.configured(small, mount, cache, config)) {
            daemon.await(() -> !daemon.isAlive() || daemon.output().contains("musicfs: scanned "), "a scan or an end");
            boolean well = read(right) == 0 && exitOf("status") == 0;
            if (well) {
                daemon.signal("TERM");
                assertThat(daemon.awaitExit()).as(daemon.output()).isIn(0, OUT_OF_MEMORY);
            } else {
                assertThat(daemon.awaitExit()).as(daemon.output()).isIn(1, OUT_OF_MEMORY);
            }
        }
        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.await(() -> reads(right), "everything to be read right again");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.isMounted()).isFalse();
        }
    }

    @Test
    @Resilience({"2.8", "6.6"})
    void aCacheDiskWithoutInodesCostsTheCacheAndNoRead() throws Exception {
        Path disk = Files.createDirectories(dir.resolve("disk"));
        Shell.require(
                "mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=400,mode=0700", "musicfs-test", disk.toString());
        try {
            cache = disk.resolve("cache");
            try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
                daemon.awaitOutput("musicfs: scanned ");
                SortedMap<String, String> right = new TreeMap<>();
                List<Path> ballast = new ArrayList<>();
                for (int i = 0; true; i++) {
                    try {
                        ballast.add(Files.createFile(disk.resolve("ballast-" + i)));
                    } catch (IOException full) {
                        break;
                    }
                }
                right.putAll(Trees.hashes(mount));
                assertThat(Trees.hashes(origin).values()).containsAll(right.values());
                for (Path each : ballast) {
                    Files.delete(each);
                }
                daemon.await(() -> reads(right) && exitOf("status") == 0, "the daemon to be well again");
                daemon.signal("TERM");
                assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
                assertThat(daemon.output()).doesNotContain("\tat ");
            }
        } finally {
            Shell.require("umount", "-l", disk.toString());
        }
    }

    /** What a daemon shows that has scanned the origin, read everything into its store and ended. */
    private SortedMap<String, String> readOnce() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned ");
            SortedMap<String, String> right = Trees.hashes(mount);
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            return right;
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
                            if (!Trees.sha256(mount.resolve(name)).equals(hash)) {
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

    private boolean reads(SortedMap<String, String> right) {
        try {
            return Trees.hashes(mount).entrySet().containsAll(right.entrySet());
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.walk(mount)) {
            return files.map(file -> mount.relativize(file).toString()).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private int exitOf(String command) {
        try {
            return command(command).exitCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Shell command(String... words) throws Exception {
        return DaemonProcess.run(words, "--cache-dir", cache.toString(), "-c", config.toString());
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
