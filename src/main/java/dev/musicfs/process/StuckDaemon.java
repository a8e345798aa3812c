package dev.musicfs.process;

import dev.musicfs.fuse.FuseMount;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon that was killed while one of its threads waited for its own mount, which it does when it announces. That thread
 * waits in the kernel for an answer nobody will give, so the process cannot end: it keeps the lock, and every thread
 * that touches its mount hangs. The cure is to abort the mount's connection.
 */
public final class StuckDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(StuckDaemon.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private StuckDaemon() {}

    /** Lets such a process end, if the cache directory's last owner is one. Touches the mount table and nothing below it. */
    public static void letGo(Path cacheDir, Path mountPoint) {
        OptionalLong pid = InstanceLock.owner(cacheDir);
        if (pid.isEmpty() || !waitsForItself(pid.getAsLong())) {
            return;
        }
        LOG.info("Process {} was killed while it waited for its own mount; the mount is aborted.", pid.getAsLong());
        FuseMount.abort(mountPoint);
        Polling.until(() -> !waitsForItself(pid.getAsLong()), INTERVAL, Deadline.in(PATIENCE));
    }

    /** Its first thread is gone, others are not. */
    static boolean waitsForItself(long pid) {
        if (ProcessState.of(pid) != 'Z') {
            return false;
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.count() > 1;
        } catch (IOException e) {
            return false;
        }
    }
}
