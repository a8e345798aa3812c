package dev.musicfs.cli;

import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.client.RemoteDaemon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code musicfs status}. */
@Command(
        name = "status",
        description = "Says how the running MusicFS is: its origins, store, catalog and background tasks.",
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {
            "0:it is ready",
            "1:none runs, or it does not answer",
            ExitCodes.USAGE_TEXT,
            "3:something ails it, or it is being stopped"
        })
final class StatusCommand extends PrintingCommand {
    /** One runs, and not all is well. */
    static final int NOT_READY = 3;

    StatusCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        DaemonStatus status = new RemoteDaemon(daemon()).statusBlocking();
        print(status, () -> String.join(System.lineSeparator(), lines(status)));
        return status.state().equals(DaemonStatus.READY) ? ExitCodes.DONE : NOT_READY;
    }

    private static List<String> lines(DaemonStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %s, running for %s (MusicFS %s, pid %d)",
                status.mountPoint(),
                status.state(),
                OriginCommand.since(Duration.ofSeconds(status.uptimeSeconds())),
                status.version(),
                status.pid()));
        for (DaemonStatus.OriginState origin : status.origins()) {
            lines.add("origin " + origin.id() + ": " + origin.state());
            origin.lastError().ifPresent(error -> lines.add("  last error: " + error));
            lines.addAll(LibraryText.lines(origin.library()));
        }
        lines.add("cache: " + status.cache());
        lines.add("catalog: " + status.catalog());
        for (DaemonStatus.TaskStatus task : status.tasks()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "task %s%s: %s, %,d restarts",
                    task.name(),
                    task.critical() ? " (critical)" : "",
                    task.state(),
                    task.restarts()));
            task.lastError().ifPresent(error -> lines.add("  last error: " + error));
        }
        if (status.uncaughtFailures() > 0) {
            lines.add(String.format(
                    Locale.ROOT, "%,d failures that nobody caught; see the log", status.uncaughtFailures()));
        }
        return lines;
    }
}
