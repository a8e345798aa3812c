package dev.musicfs.cli;

import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.RecordJson;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code musicfs cache clear}. */
@Command(
        name = "clear",
        description = "Removes every chunk that is not pinned; what is needed again is fetched again.",
        mixinStandardHelpOptions = true)
final class CacheClear implements Callable<Integer> {
    private final Console console;
    private final Caches caches;

    @Mixin
    private CacheOptions options = new CacheOptions();

    @Option(names = "--pinned", description = "Pinned ones as well.")
    private boolean pinned;

    CacheClear(Console console, Caches caches) {
        this.console = console;
        this.caches = caches;
    }

    @Override
    public Integer call() {
        ClearResult result;
        try (CacheMaintenance cache = caches.open(options.config())) {
            result = cache.clearBlocking(pinned);
        }
        console.out()
                .println(
                        options.json()
                                ? RecordJson.of(result).encode()
                                : String.format(
                                        Locale.ROOT,
                                        "removed %,d chunks, %s",
                                        result.chunks(),
                                        Sizes.text(result.bytes())));
        return Main.DONE;
    }
}
