package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import dev.musicfs.testkit.WatchLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon to which the system gives no further watch for directories. */
class FewWatchesIT {
    private static final int MANY = 1_000;

    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private Path cache;
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        origin = Files.createDirectories(dir.resolve("origin"));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
        config = Files.writeString(
                dir.resolve("musicfs.toml"),
                "[[origins]]\nid = \"disk\"\npoll_interval = \"1s\"\npath = \"" + origin + "\"\n");
    }

    @Test
    @Resilience("5.4")
    void withoutWatchesTheOriginIsPolledAndWatchedOnceThereAreSome() throws Exception {
        add("first/one.flac");
        try (DaemonProcess daemon = WatchLimit.start(1, mount, cache, config)) {
            daemon.awaitOutput("musicfs: serving ");
            daemon.awaitOutput("musicfs: scanned ");
            daemon.awaitOutput("more directories than this machine may watch");
            isShown(daemon, add("second/polled at the start.flac"));

            WatchLimit.set(daemon, MANY);
            daemon.await(() -> count(daemon, "is watched again") == 1, "the origin to be watched");
            isShown(daemon, add("third/watched.flac"));

            // What it watches it might keep: the next directory is one too many.
            WatchLimit.set(daemon, 1);
            isShown(daemon, add("fourth/one too many.flac"));
            daemon.await(
                    () -> count(daemon, "more directories than this machine may watch") == 2,
                    "it to say that it watches no more");
            isShown(daemon, add("fourth/polled again.flac"));

            WatchLimit.set(daemon, MANY);
            daemon.await(() -> count(daemon, "is watched again") == 2, "the origin to be watched again");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).doesNotContain(" ERROR ").doesNotContain(SampleMount.traces());
        }
    }

    /** A file no other is like, and what its bytes are. */
    private String add(String name) throws IOException {
        Path made = dir.resolve("made");
        Files.copy(TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", name)), made);
        Path file = origin.resolve(name);
        Files.createDirectories(file.getParent());
        Files.move(made, file);
        return Trees.sha256(file);
    }

    private void isShown(DaemonProcess daemon, String hash) {
        daemon.await(() -> WatchLimit.hashes(daemon, mount).contains(hash), "the new file");
    }

    private static int count(DaemonProcess daemon, String text) {
        return daemon.output().split(Pattern.quote(text), -1).length - 1;
    }
}
