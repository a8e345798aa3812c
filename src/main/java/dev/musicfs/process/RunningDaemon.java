package dev.musicfs.process;

import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.Ending;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteDaemon;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.FuseMount;
import dev.musicfs.posix.MountTable;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that has the cache directory when another is to be started: named, or ended if the user says so. It may hang,
 * so neither it nor its mount is asked anything without a bound.
 */
public final class RunningDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(RunningDaemon.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** For a stop in order, which takes a while when something is being read. */
    private static final Duration IN_ORDER = Duration.ofSeconds(30);

    /** Of that, for what is being read. */
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private static final Duration KILLED = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private RunningDaemon() {}

    /**
     * Does nothing when nobody has the lock and nobody answers either. Blocks for 65 s at most.
     *
     * @param replace ends the process: in order, and by force when it does not end or is stopped by a signal
     * @throws MusicFsException {@code REJECTED} naming the process and what to do when it is to stay or does not go
     */
    public static void settle(Path cacheDir, Path mountPoint, boolean replace) {
        // A handle knows its process from a later one with the same number; it is taken before the lock is looked at.
        Optional<ProcessHandle> process =
                InstanceLock.owner(cacheDir).stream().boxed().findFirst().flatMap(ProcessHandle::of);
        OptionalLong holder = InstanceLock.holder(cacheDir);
        if (holder.isEmpty()) {
            refuseWhoAnswers(cacheDir);
            return;
        }
        if (process.isEmpty() || process.get().pid() != holder.getAsLong()) {
            return;
        }
        long pid = holder.getAsLong();
        if (!replace) {
            throw refused(
                    cacheDir,
                    pid,
                    answers(cacheDir, pid)
                            ? "; stop it or choose another with --cache-dir"
                            : ", which does not answer; \"mount --replace\" ends it and takes its place");
        }
        LOG.info("Process {} has the cache directory {} and is ended.", pid, cacheDir);
        if (!end(cacheDir, mountPoint, process.get())) {
            throw refused(cacheDir, pid, ", which does not end even when it is killed; see what holds it up");
        }
    }

    // Who deletes the file of the lock leaves the lock with a file that nobody finds any more.
    private static void refuseWhoAnswers(Path cacheDir) {
        ControlClient client = new ControlClient(cacheDir, ANSWER);
        String who;
        try {
            // A lock held by a process that this one cannot see is refused when it is to be taken.
            if (!client.daemonRuns() || !InstanceLock.isFree(cacheDir)) {
                return;
            }
            who = "process " + new RemoteDaemon(client).statusBlocking().pid();
        } catch (MusicFsException e) {
            if (e.kind() != FailureKind.TIMEOUT) {
                LOG.debug("Nobody answers at the socket that is left in {}: {}", cacheDir, e.getMessage());
                return;
            }
            who = "a process that listens at its control.sock and does not answer";
        }
        throw refused(
                cacheDir, who, ", though its musicfs.lock was deleted; stop it or choose another with --cache-dir");
    }

    private static boolean end(Path cacheDir, Path mountPoint, ProcessHandle process) {
        long pid = process.pid();
        boolean isStopped = isStopped(pid);
        if (!isStopped
                && (leavesMount(cacheDir, mountPoint, pid) || process.destroy())
                && isGone(cacheDir, mountPoint, pid, IN_ORDER)) {
            return true;
        }
        LOG.warn("Process {} {} and is killed.", pid, isStopped ? "is stopped by a signal" : "does not end");
        process.destroyForcibly();
        return isGone(cacheDir, mountPoint, pid, KILLED);
    }

    /** Whether it has agreed to end and to leave the mount for us to replace, so that nobody sees what is beneath it. */
    private static boolean leavesMount(Path cacheDir, Path mountPoint, long pid) {
        try {
            // One that has just begun to serve can be asked a moment later.
            StartingDaemon.awaitBlocking(cacheDir, StartingDaemon.PATIENCE);
            RemoteDaemon daemon = new RemoteDaemon(new ControlClient(cacheDir, ANSWER));
            DaemonStatus status = daemon.statusBlocking();
            if (status.pid() != pid || !Path.of(status.mountPoint()).equals(MountTable.placeOf(mountPoint))) {
                return false;
            }
            daemon.shutdownBlocking(new Ending(DRAIN, true));
            return true;
        } catch (MusicFsException e) {
            LOG.debug("Process {} cannot be asked to end: {}", pid, e.getMessage());
            return false;
        }
    }

    private static boolean isGone(Path cacheDir, Path mountPoint, long pid, Duration patience) {
        return Polling.until(
                () -> {
                    if (StuckDaemon.waitsForItself(pid)) {
                        FuseMount.abort(mountPoint);
                    }
                    return InstanceLock.holder(cacheDir).isEmpty();
                },
                INTERVAL,
                Deadline.in(patience));
    }

    private static boolean answers(Path cacheDir, long pid) {
        if (isStopped(pid)) {
            return false;
        }
        try {
            return new RemoteDaemon(new ControlClient(cacheDir, ANSWER))
                            .statusBlocking()
                            .pid()
                    == pid;
        } catch (MusicFsException e) {
            return e.kind() != FailureKind.TIMEOUT;
        }
    }

    // By SIGSTOP or a debugger.
    private static boolean isStopped(long pid) {
        char state = ProcessState.of(pid);
        return state == 'T' || state == 't';
    }

    private static MusicFsException refused(Path cacheDir, long pid, String remedy) {
        return refused(cacheDir, "process " + pid, remedy);
    }

    private static MusicFsException refused(Path cacheDir, String who, String remedy) {
        return new MusicFsException(
                FailureKind.REJECTED, "the cache directory " + cacheDir + " is in use by " + who + remedy);
    }
}
