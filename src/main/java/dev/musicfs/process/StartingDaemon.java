package dev.musicfs.process;

import dev.musicfs.control.client.ControlClient;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** A daemon that takes no commands yet: the mount serves first, and what stands behind it is started then. */
public final class StartingDaemon {
    /** Longer than a start takes that somebody would call one. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private StartingDaemon() {}

    /**
     * Blocks until the daemon of a cache directory takes commands; not at all when it does, or when there is none.
     *
     * @throws MusicFsException {@code UNAVAILABLE} naming the process when it takes none within {@code patience}
     */
    public static void awaitBlocking(Path cacheDir, Duration patience) {
        ControlClient client = new ControlClient(cacheDir, ControlClient.PATIENCE);
        if (Polling.until(() -> client.daemonRuns() || holder(cacheDir).isEmpty(), INTERVAL, Deadline.in(patience))) {
            return;
        }
        OptionalLong holder = holder(cacheDir);
        if (holder.isPresent()) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "MusicFS (pid " + holder.getAsLong() + ") has the cache directory " + cacheDir
                            + ", but takes no commands; its log says why, and a signal ends it (kill "
                            + holder.getAsLong() + ")");
        }
    }

    // A command on the cache of a daemon that does not run will never take any.
    private static OptionalLong holder(Path cacheDir) {
        OptionalLong holder = InstanceLock.holder(cacheDir);
        return InstanceLock.isCommands(cacheDir) ? OptionalLong.empty() : holder;
    }
}
