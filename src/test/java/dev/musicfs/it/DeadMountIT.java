package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.fuse.MountTable;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Kernel;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestAudio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others see of a mount whose daemon was killed, until the next one serves it. */
class DeadMountIT {
    private static final int KILLS = 5;

    @TempDir
    Path dir;

    private Path mount;

    /** Programs that scan would delete all they know. Without root, or before Linux 6.5, it is empty for a moment. */
    @Test
    @Resilience("2.7")
    void whileARestartIsComingTheMountpointIsNeverAnEmptyDirectory() throws Exception {
        Kernel.assumeMountsGoBeneathOthers();
        Path origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        mount = Files.createDirectories(dir.resolve("mount"));
        Path cache = dir.resolve("cache");
        DaemonProcess daemon = DaemonProcess.scanned(mount, cache, origin);
        AtomicBoolean over = new AtomicBoolean();
        Queue<Long> seen = new ConcurrentLinkedQueue<>();
        Thread watcher = new Thread(() -> {
            while (!over.get()) {
                try {
                    seen.add(shown());
                } catch (IOException | UncheckedIOException e) {
                    // Nobody serves it.
                }
            }
        });
        try {
            long all = shown();
            assertThat(all).isPositive();
            watcher.start();
            for (int kill = 1; kill <= KILLS; kill++) {
                daemon.signal("KILL");
                daemon.awaitExit();
                daemon = DaemonProcess.serving(mount, cache, origin);
                int before = seen.size();
                daemon.await(() -> seen.size() > before, "somebody to look");
                assertThat(seen).as("kill %d", kill).containsOnly(all);
                assertThat(MountTable.read().allAt(mount))
                        .as("mounts after kill %d", kill)
                        .hasSize(1);
            }
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(DaemonProcess.isMounted(mount)).isFalse();
        } finally {
            over.set(true);
            watcher.join();
            daemon.close();
        }
    }

    private long shown() throws IOException {
        try (Stream<Path> entries = Files.list(mount)) {
            return entries.count();
        }
    }
}
