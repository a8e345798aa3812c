package dev.musicfs.cli;

import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteDaemon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code musicfs status}. */
@Command(
        name = "status",
        description = "Says how the running MusicFS is; exit code 0 when it is ready, 3 when something ails it or it"
                + " ends, 1 when none runs.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    /** One runs, and not all is well. */
    static final int NOT_READY = 3;

    private final Console console;

    @Mixin
    private CacheOptions options = new CacheOptions();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DaemonStatus status = new RemoteDaemon(Daemons.of(options.config().cacheDir())).statusBlocking();
        if (options.json()) {
            console.out().println(RecordJson.of(status).encode());
        } else {
            lines(status).forEach(console.out()::println);
        }
        return status.state().equals(DaemonStatus.READY) ? Main.DONE : NOT_READY;
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
        status.origins().forEach(origin -> lines.add("origin " + origin.id() + ": " + origin.state()));
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
