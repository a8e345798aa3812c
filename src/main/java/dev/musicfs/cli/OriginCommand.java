package dev.musicfs.cli;

import dev.musicfs.control.api.OriginList;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteOrigins;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code musicfs origin}. */
@Command(
        name = "origin",
        description = "Looks at the origins of the running MusicFS.",
        subcommands = {
            OriginCommand.Listing.class,
            OriginCommand.Health.class,
            OriginCommand.Rescan.class,
            OriginCommand.ConfirmRemovals.class
        })
final class OriginCommand extends CommandGroup {
    /** One line, one for the last error, and those for what is not shown as it is there. */
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
        LibraryText.lines(origin.library())
                .forEach(line -> text.append(System.lineSeparator()).append(line));
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

    /** What all of them ask. */
    abstract static class Asking extends PrintingCommand {
        Asking(Console console) {
            super(console);
        }

        final RemoteOrigins origins() {
            return new RemoteOrigins(daemon());
        }

        final void print(List<OriginStatus> origins) {
            if (options().json()) {
                console().out().println(RecordJson.of(new OriginList(origins)).encode());
            } else {
                origins.forEach(origin -> console().out().println(text(origin)));
            }
        }
    }

    /** {@code musicfs origin list}. */
    @Command(name = "list", description = "Lists the origins and how they are.")
    static final class Listing extends Asking {
        Listing(Console console) {
            super(console);
        }

        @Override
        public Integer call() {
            print(origins().originsBlocking());
            return ExitCodes.DONE;
        }
    }

    /** {@code musicfs origin health}. */
    @Command(
            name = "health",
            description = "Probes every origin now.",
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {
                "0:all of them are up",
                "1:one of them cannot be used, or no MusicFS answers",
                ExitCodes.USAGE_TEXT
            })
    static final class Health extends Asking {
        Health(Console console) {
            super(console);
        }

        @Override
        public Integer call() {
            List<OriginStatus> origins = origins().probeBlocking();
            print(origins);
            return origins.stream().allMatch(origin -> origin.state().equals("up")) ? ExitCodes.DONE : ExitCodes.FAILED;
        }
    }

    /** {@code musicfs origin rescan ID}. */
    @Command(name = "rescan", description = "Has origins compared with what is known of them, soon.")
    static final class Rescan extends Asking {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "The names of the origins.")
        private List<String> ids = List.of();

        Rescan(Console console) {
            super(console);
        }

        @Override
        public Integer call() {
            RemoteOrigins origins = origins();
            ids.forEach(origins::rescanBlocking);
            return ExitCodes.DONE;
        }
    }

    /** {@code musicfs origin confirm-removals ID}. */
    @Command(
            name = "confirm-removals",
            description =
                    "Says that the files that are gone from an origin, and are kept because they are so many, are gone"
                            + " for good. They are removed soon, if no more than these are gone by then.")
    static final class ConfirmRemovals extends Asking {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "The names of the origins.")
        private List<String> ids = List.of();

        ConfirmRemovals(Console console) {
            super(console);
        }

        @Override
        public Integer call() {
            RemoteOrigins origins = origins();
            for (String id : ids) {
                long files = origins.confirmRemovalsBlocking(id);
                console()
                        .out()
                        .println(
                                files == 0
                                        ? "musicfs: nothing is kept of " + id
                                        : String.format(
                                                Locale.ROOT, "musicfs: %,d files of %s are removed soon", files, id));
            }
            return ExitCodes.DONE;
        }
    }
}
