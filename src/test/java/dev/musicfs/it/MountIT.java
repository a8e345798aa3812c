package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user and a player see of a library on a real mount of the real jar. */
class MountIT {
    @TempDir
    static Path dir;

    private static Path origin;
    private static Path mount;
    private static DaemonProcess daemon;

    @BeforeAll
    static void mountLibrary() throws IOException {
        origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        mount = Files.createDirectories(dir.resolve("mount"));
        daemon = DaemonProcess.scanned(mount, dir.resolve("cache"), origin);
    }

    @AfterAll
    static void unmount() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void everyFileHasTheBytesOfItsOriginal() throws Exception {
        List<String> originals = hashes(origin.toAbsolutePath());
        List<String> shown = hashes(mount);
        assertThat(shown).isNotEmpty();
        assertThat(shown).isSubsetOf(originals);
        assertThat(audioFiles(mount)).hasSameSizeAs(audioFiles(origin));
    }

    @Test
    void sizesAndTimesAreExactAndBlocksAreNotZero() throws Exception {
        for (Path file : audioFiles(mount)) {
            assertThat(Files.size(file)).isEqualTo(Files.readAllBytes(file).length);
            Shell stat = Shell.run("stat", "-c", "%s %b %h %A", file.toString());
            String[] fields = stat.output().trim().split(" ", -1);
            long sizeBytes = Long.parseLong(fields[0]);
            assertThat(Long.parseLong(fields[1])).isEqualTo((sizeBytes + 511) / 512);
            assertThat(fields[3]).isEqualTo("-r--r--r--");
        }
    }

    @Test
    void namesAreArtistAlbumYearFormatAndTrack() throws Exception {
        try (Stream<Path> files = Files.walk(mount)) {
            assertThat(files.map(p -> mount.relativize(p).toString()))
                    .anyMatch(p -> p.matches("[^/]+/[^/]+ \\(\\d{4}\\) \\[FLAC\\]/\\d\\d - [^/]+\\.flac"));
        }
    }

    @Test
    void sidecarCoverIsShownInItsAlbum() throws Exception {
        try (Stream<Path> files = Files.walk(mount)) {
            assertThat(files).anyMatch(p -> p.getFileName().toString().equals("cover.jpg"));
        }
    }

    @Test
    void playerProbesATrack() throws Exception {
        Path track = audioFiles(mount).stream()
                .filter(p -> p.toString().endsWith(".flac") && !p.toString().contains("Unknown"))
                .findFirst()
                .orElseThrow();
        Shell probe = Shell.run(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "format=duration:format_tags",
                "-of",
                "json",
                track.toString());
        assertThat(probe.exitCode()).as(probe.output()).isZero();
        assertThat(probe.output()).contains("duration");
    }

    @Test
    void hundredReadersAtOnceAllGetTheRightBytes() throws Exception {
        List<Path> files = audioFiles(mount);
        List<String> expected = new ArrayList<>();
        for (Path file : files) {
            expected.add(hash(file));
        }
        ExecutorService readers = Executors.newFixedThreadPool(100);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Path file = files.get(i % files.size());
                results.add(readers.submit(() -> hash(file)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(results.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(expected.get(i % files.size()));
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "touch \"$1\"",
                "touch \"$2/new\"",
                "mkdir \"$2/new\"",
                "rm \"$1\"",
                "rmdir \"$2\"",
                "mv \"$1\" \"$1.moved\"",
                "mv \"$2\" \"$2.moved\"",
                "ln \"$1\" \"$1.link\"",
                "ln -s target \"$2/link\"",
                "mkfifo \"$2/fifo\"",
                "chmod 644 \"$1\"",
                "chown 1:1 \"$1\"",
                "truncate -s 0 \"$1\"",
                "echo x >> \"$1\"",
                "setfattr -n user.x -v y \"$1\""
            })
    void everyMutationIsRefusedAsReadOnly(String command) throws Exception {
        Path track = audioFiles(mount).get(0);
        String before = hash(track);
        Shell result = Shell.bash("exec 2>&1; " + command, track, track.getParent());
        assertThat(result.exitCode()).as(command).isNotZero();
        if (command.startsWith("setfattr")) {
            assertThat(result.output()).containsAnyOf("Read-only file system", "not supported");
        } else {
            assertThat(result.output()).contains("Read-only file system");
        }
        assertThat(hash(track)).isEqualTo(before);
    }

    @Test
    void virtualMachineHasNothingToWarnOf() {
        assertThat(daemon.output()).doesNotContain("WARNING:");
    }

    @Test
    void unknownPathsAreNotFoundAndReadsPastTheEndAreEmpty() throws Exception {
        assertThat(Files.exists(mount.resolve("no such artist/no such album"))).isFalse();
        Path track = audioFiles(mount).get(0);
        Shell past = Shell.bash("dd if=\"$1\" bs=4096 skip=1000000 status=none | wc -c", track);
        assertThat(past.output().trim()).isEqualTo("0");
    }

    @Test
    void statfsTellsTheTruth() throws Exception {
        Shell stat = Shell.run("stat", "-f", "-c", "%b %S %a %T", mount.toString());
        String[] fields = stat.output().trim().split(" ", -1);
        long total = Long.parseLong(fields[0]) * Long.parseLong(fields[1]);
        long shown = 0;
        for (Path file : allFiles(mount)) {
            shown += Files.size(file);
        }
        assertThat(total).isBetween(shown, shown + Long.parseLong(fields[1]));
        assertThat(fields[2]).isEqualTo("0");
    }

    private static List<Path> audioFiles(Path root) throws IOException {
        return allFiles(root).stream()
                .filter(p -> p.toString().matches("(?i).*\\.(flac|mp3|ogg|opus|m4a|wav|aiff?)"))
                .toList();
    }

    private static List<Path> allFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<String> hashes(Path root) throws Exception {
        List<String> hashes = new ArrayList<>();
        for (Path file : allFiles(root)) {
            hashes.add(hash(file));
        }
        return hashes;
    }

    static String hash(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
