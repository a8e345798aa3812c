package dev.musicfs.cli;

import dev.musicfs.control.api.Pins;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteCache;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code musicfs cache pins}. */
@Command(
        name = "pins",
        description = "Lists the pinned files; MusicFS has to be running.",
        mixinStandardHelpOptions = true)
final class CachePins extends PrintingCommand {
    private final Caches caches;

    CachePins(Console console, Caches caches) {
        super(console);
        this.caches = caches;
    }

    @Override
    public Integer call() {
        Pins pins;
        try (RemoteCache cache = caches.running(options().config())) {
            pins = cache.pinsBlocking();
        }
        if (options().json()) {
            console().out().println(RecordJson.of(pins).encode());
            return ExitCodes.DONE;
        }
        pins.paths().forEach(console().out()::println);
        long more = pins.files() - pins.paths().size();
        if (more > 0) {
            console().error(String.format(Locale.ROOT, "%,d more are not listed", more));
        }
        return ExitCodes.DONE;
    }
}
