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

    /** Starts the daemon as it is configured and does not wait. */
    public DaemonProcess start() throws IOException {
        return start(Map.of());
    }

    /** The same with environment variables of its own; an empty value takes a variable away. */
    public DaemonProcess start(Map<String, String> environment) throws IOException {
        return DaemonProcess.configured(environment, mount, cache, config);
    }

    /** The same, and waits until it serves. */
    public DaemonProcess startServing() throws IOException {
        return waited(start(), "musicfs: serving ");
    }

    /** The same, and waits until its first scan is over and commands can be given. */
    public DaemonProcess startScanned() throws IOException {
        DaemonProcess daemon = waited(start(), "musicfs: scanned ");
        daemon.awaitCommands(cache);
        return daemon;
    }

    private static DaemonProcess waited(DaemonProcess daemon, String text) {
        try {
            daemon.awaitOutput(text);
            return daemon;
        } catch (AssertionError e) {
            daemon.close();
            throw e;
        }
    }

    /**
     * Starts it by its command line and without the configuration, so that local files are read past the store, and waits
     * until it serves.
     */
    public DaemonProcess serving(String... more) throws IOException {
        return DaemonProcess.serving(mount, cache, origin, more);
    }

    /** The same, and waits until its first scan is over and commands can be given. */
    public DaemonProcess scanned(String... more) throws IOException {
        return DaemonProcess.scanned(mount, cache, origin, more);
    }

    /** The same with environment variables of its own. */
    public DaemonProcess scanned(Map<String, String> environment, String... more) throws IOException {
        return DaemonProcess.scanned(environment, mount, cache, origin, more);
    }

    /** The same as {@link OtherUser}, whose the directory has to be. */
    public OtherUser startAsOther() throws IOException {
        return OtherUser.start(
                dir, "mount", mount.toString(), "--cache-dir", cache.toString(), "-c", config.toString());
    }

    /** What a daemon has to show of the sampler: the SHA-256 of each original by its path in the mount. */
    public SortedMap<String, String> right() {
        return Sampler.hashes(origin);
    }

    /** Has a daemon scan the origin, read everything into its store and end. Gives what it has to show, which it did. */
    public SortedMap<String, String> readOnce() throws Exception {
        SortedMap<String, String> right = right();
        try (DaemonProcess daemon = start()) {
            daemon.awaitOutput("musicfs: scanned ");
            assertThat(Trees.hashes(mount)).as(daemon.output()).isEqualTo(right);
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

    /** Whether the mount shows these files with these bytes, for which the daemon is asked. */
    public boolean reads(SortedMap<String, String> right) {
        assertThat(right).isNotEmpty();
        try {
            KernelPages.drop(right.keySet().stream().map(mount::resolve).toList());
            return right.entrySet().stream()
                    .allMatch(file -> Trees.sha256(mount.resolve(file.getKey())).equals(file.getValue()));
        } catch (UncheckedIOException e) {
            return false;
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

    /**
     * Inode number, size, time and path of every file in the mount, a line each, in the order of paths; of those of the
     * sampler at least, or it fails.
     */
    public String listing() throws IOException, InterruptedException {
        Shell found = Shell.bash("cd \"$1\" && find . -type f -printf '%i %s %T@ %p\\n' | sort -k4", mount);
        assertThat(found.exitCode()).as(found.output()).isZero();
        for (String shown : Sampler.originals(origin).keySet()) {
            assertThat(found.output()).contains(" ./" + shown + "\n");
        }
        return found.output();
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
