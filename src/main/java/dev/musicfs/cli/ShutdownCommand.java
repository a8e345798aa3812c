package dev.musicfs.cli;

import dev.musicfs.control.api.DaemonControl;
import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.Ending;
import dev.musicfs.control.client.RemoteDaemon;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.MountTable;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musicfs shutdown}. */
@Command(name = "shutdown", description = "Ends the running MusicFS and waits until it and its mount are gone.")
final class ShutdownCommand extends PrintingCommand {
    /** For all that has to be done after what is on its way is finished or given up. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Supplier<MountTable> mounts;
    private final Duration grace;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long what is on its way may take to finish, from 0 to 3600; 30 by default.")
    private long timeoutSeconds = DaemonControl.DEFAULT_DRAIN.toSeconds();

    @Option(names = "--now", description = "Wait for nothing that is on its way, whatever --timeout says.")
    private boolean now;

    ShutdownCommand(Console console) {
        this(console, MountTable::read, GRACE);
    }

    ShutdownCommand(Console console, Supplier<MountTable> mounts, Duration grace) {
        super(console);
        this.mounts = mounts;
        this.grace = grace;
    }

    @Override
    public Integer call() {
        Duration drain = now ? Duration.ZERO : timeout();
        RemoteDaemon daemon = new RemoteDaemon(daemon());
        DaemonStatus status = daemon.statusBlocking();
        // Taken while it lives: a handle knows its process from a later one with the same number.
        Optional<ProcessHandle> process = ProcessHandle.of(status.pid());
        Path mountPoint = Path.of(status.mountPoint());
        daemon.shutdownBlocking(new Ending(drain, false));
        Duration patience = drain.plus(grace);
        if (!Polling.until(() -> hasEnded(process) && isUnmounted(mountPoint), INTERVAL, Deadline.in(patience))) {
            throw new MusicFsException(
                    FailureKind.TIMEOUT,
                    hasEnded(process)
                            ? "MusicFS has ended, but " + mountPoint + " is still mounted; \"musicfs umount "
                                    + mountPoint + "\" takes it away"
                            : "MusicFS (pid " + status.pid() + ") still runs after " + patience.toSeconds() + " s");
        }
        if (options().json()) {
            console().out().println("{\"stopped\":true}");
        } else {
            console().out().println("musicfs: stopped " + mountPoint);
        }
        return ExitCodes.DONE;
    }

    private Duration timeout() {
        if (timeoutSeconds < 0 || timeoutSeconds > DaemonControl.MAX_DRAIN.toSeconds()) {
            throw usage("--timeout must be from 0 to " + DaemonControl.MAX_DRAIN.toSeconds());
        }
        return Duration.ofSeconds(timeoutSeconds);
    }

    private boolean isUnmounted(Path mountPoint) {
        return mounts.get().at(mountPoint).filter(MountTable.Mount::isMusicFs).isEmpty();
    }

    private static boolean hasEnded(Optional<ProcessHandle> process) {
        return process.filter(running -> running.isAlive() && !isZombie(running.pid()))
                .isEmpty();
    }

    // One that ended and whose parent, such as a container's first process, does not look after it counts as alive in
    // Java. The state follows the name in proc(5), which may itself contain parentheses.
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }
}
