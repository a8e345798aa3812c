package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A daemon that may watch only so many directories: in a user namespace of its own, which has its own
 * {@code /proc/sys/user/max_inotify_watches}, so that nobody else on this machine runs out. Its mount is seen in there
 * only, and goes with it.
 */
public final class WatchLimit {
    private static final String SET = "echo \"$1\" > /proc/sys/user/max_inotify_watches";

    private WatchLimit() {}

    /** Starts {@code mount} with a configuration file and does not wait; the test is skipped where that may not be done. */
    public static DaemonProcess start(int watches, Path mountPoint, Path cacheDir, Path config) throws IOException {
        List<String> prefix = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount"));
        assumeThat(bash("\"$@\" true", prefix.toArray()).exitCode())
                .as("user namespaces are allowed")
                .isZero();
        prefix.addAll(List.of("bash", "-c", "set -e; " + SET + "; shift; exec \"$@\"", "bash"));
        prefix.add(Integer.toString(watches));
        return DaemonProcess.start(
                prefix, Map.of(), mountPoint, List.of("-c", config.toString(), "--cache-dir", cacheDir.toString()));
    }

    /** From now on it may watch so many; those it watches already it keeps. */
    public static void set(DaemonProcess daemon, int watches) {
        Shell set = inside(daemon, SET, Integer.toString(watches));
        assertThat(set.exitCode()).as(set.output()).isZero();
    }

    /** The SHA-256 of every file in a directory as it is seen in there. */
    public static SortedSet<String> hashes(DaemonProcess daemon, Path root) {
        Shell read = inside(daemon, "find \"$1\" -type f -exec sha256sum {} +", root.toString());
        SortedSet<String> hashes = new TreeSet<>();
        read.output().lines().forEach(line -> hashes.add(line.substring(0, Math.min(64, line.length()))));
        return hashes;
    }

    private static Shell inside(DaemonProcess daemon, String script, String argument) {
        return bash(
                "nsenter -t \"$1\" --user --preserve-credentials --mount -- bash -c \"$2\" bash \"$3\"",
                Long.toString(daemon.pid()),
                script,
                argument);
    }

    private static Shell bash(String script, Object... arguments) {
        try {
            return Shell.bash(script, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
