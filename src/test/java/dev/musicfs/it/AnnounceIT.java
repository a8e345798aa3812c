package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes at the origin reach watchers of the mount, and the kernel's caches are never stale. */
class AnnounceIT {
    @TempDir
    Path dir;

    @Test
    void addedChangedAndRemovedTracksRaiseEventsAndReplaceWhatTheKernelKnew() throws Exception {
        SampleMount it = SampleMount.in(dir);
        Path origin = it.origin();
        Path mount = it.mount();
        try (DaemonProcess daemon = it.scanned()) {
            daemon.awaitOutput("musicfs: watching ");
            Path shown = anyFlac(mount);
            Path source = original(origin, shown);
            Path events = dir.resolve("events");
            Process watcher = new ProcessBuilder(
                            "inotifywait",
                            "-m",
                            "-r",
                            "-q",
                            "--format",
                            "%e %f",
                            "-o",
                            events.toString(),
                            mount.toString())
                    .start();
            try {
                String copyName = shown.getFileName().toString().replace(".flac", " (2).flac");
                Path appearing = shown.resolveSibling(copyName);
                // Until inotifywait has its watches the events would be missed; it opens every directory when it
                // starts.
                long directories;
                try (Stream<Path> all = Files.walk(mount)) {
                    directories = all.filter(Files::isDirectory).count();
                }
                daemon.await(() -> watches(watcher) >= directories, "inotifywait to watch");
                assertThat(Files.exists(appearing)).isFalse();

                Path copy = source.resolveSibling("another copy.flac");
                Files.copy(source, copy);
                daemon.await(() -> Files.exists(appearing), copyName + " to appear");
                daemon.await(() -> read(events).contains("CREATE " + copyName), "CREATE of " + copyName);
                assertThat(MountIT.hash(appearing)).isEqualTo(MountIT.hash(copy));

                Shell.bash("printf 0123456789 >> \"$1\"", copy);
                long sizeBytes = Files.size(copy);
                daemon.await(() -> size(appearing) == sizeBytes, "the new size");
                daemon.await(() -> read(events).contains("MODIFY " + copyName), "MODIFY of " + copyName);
                assertThat(MountIT.hash(appearing)).isEqualTo(MountIT.hash(copy));

                Files.delete(copy);
                daemon.await(() -> !Files.exists(appearing), copyName + " to go");
                daemon.await(() -> read(events).contains("DELETE " + copyName), "DELETE of " + copyName);
                assertThat(Files.exists(shown)).isTrue();
            } finally {
                watcher.destroy();
                watcher.waitFor();
            }
        }
    }

    private static long watches(Process watcher) {
        try (Stream<Path> infos = Files.list(Path.of("/proc/" + watcher.pid() + "/fdinfo"))) {
            return infos.flatMap(info -> read(info).lines())
                    .filter(line -> line.startsWith("inotify wd:"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private static Path anyFlac(Path mount) throws IOException {
        try (Stream<Path> files = Files.walk(mount)) {
            return files.filter(p -> p.toString().matches(".*\\(\\d{4}\\) \\[FLAC\\]/\\d\\d - .*\\.flac"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path original(Path origin, Path shown) throws Exception {
        String hash = MountIT.hash(shown);
        try (Stream<Path> files = Files.walk(origin)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (MountIT.hash(file).equals(hash)) {
                    return file;
                }
            }
        }
        throw new AssertionError("no original of " + shown);
    }
}
