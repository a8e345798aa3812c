package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of an origin is music, where its links may lead, and what somebody may put in a file's place. */
class WhatExistsIT {
    @TempDir
    Path dir;

    private Path origin;
    private Path outside;
    private Path mount;
    private Path cache;
    private DaemonProcess daemon;
    private int hertz = 300;

    @BeforeEach
    void fillTheOrigin() throws IOException {
        origin = Files.createDirectories(dir.resolve("origin"));
        outside = Files.createDirectories(dir.resolve("outside"));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
    }

    @AfterEach
    void unmount() {
        if (daemon != null) {
            daemon.close();
        }
    }

    private Path put(Path file, String title) throws IOException {
        return TestAudio.copy(
                TestAudio.Spec.of(AudioEncoding.FLAC)
                        .with("artist", "Singer")
                        .with("album", "Album")
                        .with("title", title)
                        .withHertz(hertz += 10),
                file);
    }

    private void mountIt() throws IOException {
        daemon = DaemonProcess.scanned(mount, cache, origin);
        daemon.awaitOutput("musicfs: watching ");
    }

    private List<String> titles() {
        try (Stream<Path> all = Files.walk(mount)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString().replace(".flac", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path shown(String title) throws IOException {
        try (Stream<Path> all = Files.walk(mount)) {
            return all.filter(file -> file.getFileName().toString().equals(title + ".flac"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String ask(String... words) throws Exception {
        String[] command = Arrays.copyOf(words, words.length + 2);
        command[words.length] = "--cache-dir";
        command[words.length + 1] = cache.toString();
        return DaemonProcess.run(command).output();
    }

    @Test
    void namesThatBeginWithDotsAreMusicAndWhatServersPutBesideFilesIsNot() throws Exception {
        put(origin.resolve("...And Justice for All/1.flac"), "Blackened");
        put(origin.resolve(".hidden.flac"), "Hidden");
        put(origin.resolve("#recycle/2.flac"), "Deleted");
        put(origin.resolve("Album/@eaDir/3.flac/4.flac"), "Thumbnail");
        put(origin.resolve("Album/._5.flac"), "Fork");
        put(origin.resolve("Album/6.flac"), "Demo");
        put(origin.resolve("Album/7.flac"), "Song");
        Files.writeString(origin.resolve("Album/.musicfsignore"), "# not these\n6.*\n");
        mountIt();

        assertThat(titles()).containsExactly("Blackened", "Hidden", "Song");
        assertThat(ask("origin", "list"))
                .contains("#recycle")
                .contains("@eaDir")
                .contains("._*")
                .contains(".musicfsignore");

        Files.writeString(origin.resolve("Album/.musicfsignore"), "7.*\n");
        daemon.await(() -> titles().equals(List.of("Blackened", "Demo", "Hidden")), "the other rule");
    }

    @Test
    @Resilience("R.5")
    void linksLeadToWhatIsBelowTheRootAndADirectoryIsShownOnce() throws Exception {
        Path secret = put(outside.resolve("secret.flac"), "Secret");
        put(origin.resolve("real/1.flac"), "Real");
        put(origin.resolve(".store/2.flac"), "Beside");
        Files.createSymbolicLink(origin.resolve("out.flac"), secret);
        Files.createSymbolicLink(origin.resolve("outside"), outside);
        Files.createSymbolicLink(origin.resolve("again"), origin.resolve("real"));
        Files.createSymbolicLink(origin.resolve("real/up"), origin);
        Files.createSymbolicLink(origin.resolve("environment.flac"), Path.of("/proc/self/environ"));
        Files.createSymbolicLink(origin.resolve("fd.flac"), Path.of("/proc/self/fd/0"));
        mountIt();

        assertThat(titles()).containsExactly("Beside", "Real");
        assertThat(ask("status")).contains("out.flac");
    }

    @Test
    @Resilience("R.5")
    void whatIsPutInAFilesPlaceIsNeitherFollowedNorWaitedFor() throws Exception {
        Path secret = put(outside.resolve("secret.flac"), "Secret");
        byte[] hidden = Files.readAllBytes(secret);
        Path linked = put(origin.resolve("a/1.flac"), "One");
        Path piped = put(origin.resolve("a/2.flac"), "Two");
        Path kept = put(origin.resolve("a/3.flac"), "Three");
        mountIt();
        List<Path> files = List.of(shown("One"), shown("Two"), shown("Three"));

        Path link = Files.createSymbolicLink(dir.resolve("link"), secret);
        Files.move(link, linked, StandardCopyOption.ATOMIC_MOVE);
        Path fifo = dir.resolve("fifo");
        Shell.require("mkfifo", fifo.toString());
        Files.move(fifo, piped, StandardCopyOption.ATOMIC_MOVE);

        for (Path file : files) {
            Path got = dir.resolve("got");
            Shell read = Shell.bash("timeout 60 cat \"$1\" >\"$2\"", file, got);
            assertThat(read.exitCode()).as("%s: it ends", file).isNotEqualTo(124);
            assertThat(Files.readAllBytes(got)).isNotEqualTo(hidden);
        }
        assertThat(MountIT.hash(files.get(2))).isEqualTo(MountIT.hash(kept));
    }
}
