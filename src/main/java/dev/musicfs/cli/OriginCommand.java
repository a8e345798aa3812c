package dev.musicfs.cli;

import dev.musicfs.control.api.OriginList;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteOrigins;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code musicfs origin}. */
@Command(
        name = "origin",
        description = "Looks at the origins of the running MusicFS.",
        mixinStandardHelpOptions = true,
        subcommands = {OriginCommand.Listing.class, OriginCommand.Health.class, OriginCommand.Rescan.class})
final class OriginCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec ours = spec;
        if (ours != null) {
            throw new ParameterException(ours.commandLine(), "a command is missing: origin list, health or rescan");
        }
    }

    private static RemoteOrigins running(CacheOptions options) {
        return new RemoteOrigins(Daemons.of(options.config().cacheDir()));
    }

    private static void print(Console console, CacheOptions options, List<OriginStatus> origins) {
        if (options.json()) {
            console.out().println(RecordJson.of(new OriginList(origins)).encode());
        } else {
            origins.forEach(origin -> console.out().println(text(origin)));
        }
    }

    /** One line, and a second for the last error. */
    static String text(OriginStatus origin) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s (%s, priority %d): %s for %s, breaker %s",
                origin.id(),
                origin.type(),
                origin.priority(),
                origin.state(),
                since(Duration.ofSeconds(origin.stateSeconds())),
                origin.breaker()));
        if (origin.latencyMillis() >= 0) {
            text.append(String.format(Locale.ROOT, ", latency %.1f ms", origin.latencyMillis()));
        }
        text.append(String.format(
                Locale.ROOT,
                ", %,d requests, %,d failed, %s fetched",
                origin.requests(),
                origin.failures(),
                Sizes.text(origin.fetchedBytes())));
        origin.lastError().ifPresent(error -> text.append(System.lineSeparator())
                .append("  last error: ")
                .append(error));
        return text.toString();
    }

    /** A length of time, roughly. */
    static String since(Duration time) {
        if (time.toHours() >= 48) {
            return time.toDays() + " days";
        }
        if (time.toMinutes() >= 120) {
            return time.toHours() + " h";
        }
        return time.toSeconds() >= 120 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    /** {@code musicfs origin list}. */
    @Command(name = "list", description = "Lists the origins and how they are.", mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {
        private final Console console;

        @Mixin
        private CacheOptions options = new CacheOptions();

        Listing(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            print(console, options, running(options).originsBlocking());
            return Main.DONE;
        }
    }

    /** {@code musicfs origin health}. */
    @Command(
            name = "health",
            description = "Probes every origin now; exit code 1 when one of them cannot be used.",
            mixinStandardHelpOptions = true)
    static final class Health implements Callable<Integer> {
        private final Console console;

        @Mixin
        private CacheOptions options = new CacheOptions();

        Health(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            List<OriginStatus> origins = running(options).probeBlocking();
            print(console, options, origins);
            return origins.stream().allMatch(origin -> origin.state().equals("up")) ? Main.DONE : Main.FAILED;
        }
    }

    /** {@code musicfs origin rescan ID}. */
    @Command(
            name = "rescan",
            description = "Has origins compared with what is known of them, soon.",
            mixinStandardHelpOptions = true)
    static final class Rescan implements Callable<Integer> {
        @Mixin
        private CacheOptions options = new CacheOptions();

        @Parameters(paramLabel = "ID", arity = "1..*", description = "The names of the origins.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            RemoteOrigins origins = running(options);
            ids.forEach(origins::rescanBlocking);
            return Main.DONE;
        }
    }
}
