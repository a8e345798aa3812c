package dev.musicfs.cli;

import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.ClearResult;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musicfs cache clear}. */
@Command(
        name = "clear",
        description = "Removes every chunk that is not pinned; what is needed again is fetched again.",
        mixinStandardHelpOptions = true)
final class CacheClear extends PrintingCommand {
    private final Caches caches;

    @Option(names = "--pinned", description = "Pinned ones as well.")
    private boolean pinned;

    CacheClear(Console console, Caches caches) {
        super(console);
        this.caches = caches;
    }

    @Override
    public Integer call() {
        ClearResult result;
        try (CacheMaintenance cache = caches.open(options().config())) {
            result = cache.clearBlocking(pinned);
        }
        print(
                result,
                () -> String.format(
                        Locale.ROOT, "removed %,d chunks, %s", result.chunks(), Sizes.text(result.bytes())));
        return ExitCodes.DONE;
    }
}
