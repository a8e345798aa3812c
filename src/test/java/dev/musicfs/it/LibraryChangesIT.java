package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.KernelPages;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the mount, its watchers and its readers while somebody tends the library. */
class LibraryChangesIT {
    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private DaemonProcess daemon;

    @BeforeEach
    void mountLibrary() throws IOException {
        origin = Files.createDirectories(dir.resolve("origin"));
        for (int i = 1; i <= 3; i++) {
            TestAudio.copy(track("Old", "Song " + i, i), origin.resolve("old").resolve(i + ".flac"));
        }
        TestAudio.copy(audio(440), origin.resolve("long").resolve("long.wav"));
        mount = Files.createDirectories(dir.resolve("mount"));
        daemon = DaemonProcess.scanned(mount, dir.resolve("cache"), origin);
        daemon.awaitOutput("musicfs: watching ");
    }

    @AfterEach
    void unmount() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void aNewAlbumAppearsAndGoesAgain() throws Exception {
        try (Watcher watcher = new Watcher()) {
            Path coming = dir.resolve("coming");
            for (int i = 1; i <= 3; i++) {
                TestAudio.copy(track("New", "Song " + i, i), coming.resolve(i + ".flac"));
            }
            Shell.require("cp", "-r", coming.toString(), origin.resolve("new").toString());
            Path album = mount.resolve("Singer").resolve("New (2001) [FLAC]");
            List<String> names = List.of("01 - Song 1.flac", "02 - Song 2.flac", "03 - Song 3.flac");
            daemon.await(() -> entries(album).equals(names), "three tracks in " + album);
            daemon.await(() -> watcher.seen("CREATE,ISDIR " + album.getFileName()), "CREATE of the album");
            for (int i = 1; i <= 3; i++) {
                Path shown = album.resolve(names.get(i - 1));
                Path original = origin.resolve("new").resolve(i + ".flac");
                assertThat(MountIT.hash(shown)).isEqualTo(MountIT.hash(original));
                assertThat(Files.getLastModifiedTime(shown)).isEqualTo(Files.getLastModifiedTime(original));
            }
            TestAudio.copy(track("New", "Song 4", 4), dir.resolve("4.flac"));
            Files.move(dir.resolve("4.flac"), origin.resolve("new").resolve("4.flac"));
            daemon.await(() -> watcher.seen("CREATE 04 - Song 4.flac"), "CREATE of a track in the new album");

            Shell.require("rm", "-r", origin.resolve("new").toString());
            daemon.await(() -> !Files.exists(album), "the album to go");
            daemon.await(() -> watcher.seen("DELETE,ISDIR " + album.getFileName()), "DELETE of the album");
            assertThat(entries(mount.resolve("Singer"))).containsExactly("Old (2001) [FLAC]");
            assertThat(entries(mount.resolve("Singer").resolve("Old (2001) [FLAC]")))
                    .hasSize(3);
        }
    }

    @Test
    void aRetaggedFileMovesWithItsInodeNumber() throws Exception {
        Path album = mount.resolve("Singer").resolve("Old (2001) [FLAC]");
        Path before = album.resolve("02 - Song 2.flac");
        Path after = album.resolve("02 - Another Name Of More Letters.flac");
        Path original = origin.resolve("old").resolve("2.flac");
        assertThat(MountIT.hash(before)).isEqualTo(MountIT.hash(original));
        Object inode = inode(before);
        try (Watcher watcher = new Watcher()) {
            retag(original, "title=Another Name Of More Letters");
            daemon.await(() -> Files.exists(after) && !Files.exists(before), "the new name");
            daemon.await(() -> watcher.seen("MOVED_TO " + after.getFileName()), "MOVED_TO");
            assertThat(watcher.seen("MOVED_FROM " + before.getFileName())).isTrue();
            assertThat(inode(after)).isEqualTo(inode);
            assertThat(Files.size(after)).isEqualTo(Files.size(original));
            assertThat(Files.getLastModifiedTime(after)).isEqualTo(Files.getLastModifiedTime(original));
            assertThat(MountIT.hash(after)).isEqualTo(MountIT.hash(original));

            Path elsewhere =
                    mount.resolve("Singer").resolve("Third (2001) [FLAC]").resolve(after.getFileName());
            retag(original, "album=Third");
            daemon.await(() -> Files.exists(elsewhere) && !Files.exists(after), "the new album");
            assertThat(inode(elsewhere)).isEqualTo(inode);
            assertThat(MountIT.hash(elsewhere)).isEqualTo(MountIT.hash(original));
        }
    }

    @Test
    void anOpenFilePlaysToItsEndAfterItsOriginalIsUnlinked() throws Exception {
        Path original = origin.resolve("long").resolve("long.wav");
        byte[] expected = Files.readAllBytes(original);
        Path shown = longFile();
        try (InputStream player = Files.newInputStream(shown)) {
            byte[] start = player.readNBytes(100_000);
            Files.delete(original);
            daemon.await(() -> !Files.exists(shown), "the track to go");
            byte[] rest = player.readAllBytes();
            assertThat(Arrays.equals(start, 0, start.length, expected, 0, start.length))
                    .isTrue();
            assertThat(rest).hasSize(expected.length - start.length);
            assertThat(Arrays.equals(rest, 0, rest.length, expected, start.length, expected.length))
                    .isTrue();
        }
    }

    @Test
    void aReplacedFileIsOldOrNewAndNeverAMix() throws Exception {
        Path original = origin.resolve("long").resolve("long.wav");
        Path shown = longFile();
        byte[] old = Files.readAllBytes(original);
        Path fresh = TestAudio.copy(audio(880), dir.resolve("fresh.wav"));
        byte[] replaced = Files.readAllBytes(fresh);
        assertThat(replaced).hasSameSizeAs(old).isNotEqualTo(old);
        Object inode = inode(shown);
        try (RandomAccessFile player = new RandomAccessFile(shown.toFile(), "r")) {
            byte[] start = new byte[100_000];
            player.readFully(start);
            Files.move(fresh, original, StandardCopyOption.ATOMIC_MOVE);
            Set<String> seen = new HashSet<>();
            daemon.await(
                    () -> {
                        seen.add(openedNow(shown, old, replaced));
                        return seen.contains("new");
                    },
                    "the new bytes");
            assertThat(seen).isSubsetOf("old", "new", "refused");
            assertThat(openedNow(shown, old, replaced)).isEqualTo("new");
            assertThat(inode(shown)).isEqualTo(inode);
            // Both share an inode, and what was read of the old one while it was shown may be in its pages.
            KernelPages.drop(shown);
            byte[] rest = new byte[old.length - start.length];
            player.readFully(rest);
            assertThat(Arrays.equals(start, 0, start.length, old, 0, start.length))
                    .isTrue();
            assertThat(Arrays.equals(rest, 0, rest.length, old, start.length, old.length))
                    .as("who had it open reads on what it opened")
                    .isTrue();
            assertThat(openedNow(shown, old, replaced)).isEqualTo("new");
        }
        assertThat(openedNow(shown, old, replaced)).isEqualTo("new");
    }

    private static String openedNow(Path file, byte[] old, byte[] replaced) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Arrays.equals(bytes, old) ? "old" : Arrays.equals(bytes, replaced) ? "new" : "mix";
        } catch (IOException e) {
            return "refused";
        }
    }

    private static TestAudio.Spec track(String album, String title, int number) {
        return TestAudio.Spec.of(AudioEncoding.FLAC)
                .with("artist", "Singer")
                .with("album", album)
                .with("date", "2001")
                .with("title", title)
                .with("track", Integer.toString(number))
                .withHertz(300 + number);
    }

    private static TestAudio.Spec audio(int hertz) {
        return TestAudio.Spec.of(AudioEncoding.WAV).withMillis(60_000).withHertz(hertz);
    }

    private void retag(Path file, String metadata) throws Exception {
        Shell made = Shell.bash(
                "ffmpeg -nostdin -loglevel error -y -i \"$1\" -c copy -metadata \"$2\" \"$3\" && mv \"$3\" \"$1\"",
                file,
                metadata,
                dir.resolve("retagged.flac"));
        assertThat(made.exitCode()).as(made.output()).isZero();
    }

    private Path longFile() throws IOException {
        try (Stream<Path> files = Files.walk(mount)) {
            return files.filter(each -> each.toString().endsWith(".wav"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private static List<String> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** inotifywait on the whole mount. */
    private final class Watcher implements AutoCloseable {
        private final Path events = dir.resolve("events");
        private final Process process;

        Watcher() throws IOException {
            process = new ProcessBuilder(
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
            long directories;
            try (Stream<Path> all = Files.walk(mount)) {
                directories = all.filter(Files::isDirectory).count();
            }
            daemon.await(() -> watches() >= directories, "inotifywait to watch");
        }

        boolean seen(String line) {
            try {
                return Files.exists(events) && Files.readAllLines(events).contains(line);
            } catch (IOException e) {
                return false;
            }
        }

        private long watches() {
            try (Stream<Path> infos = Files.list(Path.of("/proc/" + process.pid() + "/fdinfo"))) {
                long count = 0;
                for (Path info : infos.toList()) {
                    count += Files.readString(info)
                            .lines()
                            .filter(line -> line.startsWith("inotify wd:"))
                            .count();
                }
                return count;
            } catch (IOException e) {
                return 0;
            }
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
