package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteDaemon;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * An origin with the {@linkplain TestAudio#library sampler}, a mountpoint, a cache that local files go through, and the
 * configuration of all this, beside one another; and what a test asks of the daemon over them.
 */
public record SampleMount(Path dir, Path origin, Path mount, Path cache, Path config) {
    /** With a cache directory beside the others, which is not made. */
    public static SampleMount in(Path dir) throws IOException {
        return in(dir, dir.resolve("cache"), "64MiB");
    }

    /** With a cache directory elsewhere and a store of this size. */
    public static SampleMount in(Path dir, Path cache, String storeSize) throws IOException {
        Path origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        Path config = Files.writeString(
                dir.resolve("musicfs.toml"),
                "[cache]\nlocal = \"always\"\nsize = \"" + storeSize
                        + "\"\nmin_free = 0\n[[origins]]\nid = \"disk\"\npath = \"" + origin + "\"\n");
        return new SampleMount(dir, origin, Files.createDirectories(dir.resolve("mount")), cache, config);
    }

    /** Starts the daemon and does not wait. */
    public DaemonProcess start() throws IOException {
        return start(Map.of());
    }

    /** The same with environment variables of its own; an empty value takes a variable away. */
    public DaemonProcess start(Map<String, String> environment) throws IOException {
        return DaemonProcess.configured(environment, mount, cache, config);
    }

    /** The same as {@link OtherUser}, whose the directory has to be. */
    public OtherUser startAsOther() throws IOException {
        return OtherUser.start(
                dir, "mount", mount.toString(), "--cache-dir", cache.toString(), "-c", config.toString());
    }

    /** What a daemon shows that has scanned the origin, read everything into its store and ended. */
    public SortedMap<String, String> readOnce() throws Exception {
        try (DaemonProcess daemon = start()) {
            daemon.awaitOutput("musicfs: scanned ");
            SortedMap<String, String> right = Trees.hashes(mount);
            assertThat(right).isNotEmpty();
            end(daemon);
            return right;
        }
    }

    /** What is in none of a daemon's outputs: a stack trace, which the log has on one line. */
    public static String[] traces() {
        return new String[] {"\tat ", " | at ", "Exception in thread"};
    }

    /** Has the daemon end, which it does in order. */
    public void end(DaemonProcess daemon) throws Exception {
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        assertThat(daemon.output()).doesNotContain(traces());
        assertThat(daemon.isMounted()).isFalse();
    }

    /** A file of this title in the origin, or another in its place. */
    public Path put(String file, String title) {
        return TestAudio.copy(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", title), origin.resolve(file));
    }

    /** Whether the mount shows these files with these bytes, which the daemon is asked for. */
    public boolean reads(SortedMap<String, String> right) {
        try {
            forget();
            return right.entrySet().stream()
                    .allMatch(file -> Trees.sha256(mount.resolve(file.getKey())).equals(file.getValue()));
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Has the kernel forget what it has of the files. */
    public void forget() {
        try {
            Shell.bash(
                    "cd \"$1\" && find . -type f"
                            + " -exec dd if={} of=/dev/null iflag=nocache count=0 status=none \\; 2>/dev/null",
                    mount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The names of all that the mount shows; none while it cannot be looked at. */
    public List<String> names() {
        try (Stream<Path> files = Files.walk(mount)) {
            return files.map(file -> mount.relativize(file).toString()).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** Whether the mount shows something with these words in its name. */
    public boolean shows(String words) {
        return names().stream().anyMatch(name -> name.contains(words));
    }

    /** How the daemon says it is. */
    public DaemonStatus status() {
        return new RemoteDaemon(new ControlClient(cache, ControlClient.PATIENCE)).statusBlocking();
    }

    /** Its state in a word, which is also another than all of these when it does not answer. */
    public String state() {
        try {
            return status().state();
        } catch (MusicFsException e) {
            return "unanswered: " + e.getMessage();
        }
    }

    /** Runs a command that speaks to the daemon. */
    public Shell command(String... words) throws IOException, InterruptedException {
        return DaemonProcess.run(words, "--cache-dir", cache.toString(), "-c", config.toString());
    }
}
