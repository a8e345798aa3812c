package dev.musicfs.cli;

import dev.musicfs.control.api.Pins;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteCache;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code musicfs cache pins}. */
@Command(
        name = "pins",
        description = "Lists the pinned files; MusicFS has to be running.",
        mixinStandardHelpOptions = true)
final class CachePins implements Callable<Integer> {
    private final Console console;
    private final Caches caches;

    @Mixin
    private CacheOptions options = new CacheOptions();

    CachePins(Console console, Caches caches) {
        this.console = console;
        this.caches = caches;
    }

    @Override
    public Integer call() {
        Pins pins;
        try (RemoteCache cache = caches.running(options.config())) {
            pins = cache.pinsBlocking();
        }
        if (options.json()) {
            console.out().println(RecordJson.of(pins).encode());
            return Main.DONE;
        }
        pins.paths().forEach(console.out()::println);
        long more = pins.files() - pins.paths().size();
        if (more > 0) {
            console.error(String.format(Locale.ROOT, "%,d more are not listed", more));
        }
        return Main.DONE;
    }
}
