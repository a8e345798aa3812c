package dev.musicfs.cli;

import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheStats;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code musicfs cache stats}. */
@Command(name = "stats", description = "Says what the cache holds.")
final class CacheStatsCommand extends PrintingCommand {
    private final Caches caches;

    CacheStatsCommand(Console console, Caches caches) {
        super(console);
        this.caches = caches;
    }

    @Override
    public Integer call() {
        CacheStats stats;
        try (CacheMaintenance cache = caches.open(options().config())) {
            stats = cache.statsBlocking();
        }
        print(stats, () -> text(stats));
        return ExitCodes.DONE;
    }

    static String text(CacheStats stats) {
        StringBuilder text = new StringBuilder(Sizes.text(stats.usedBytes()) + " of " + Sizes.text(stats.limitBytes()));
        if (stats.limitBytes() > 0) {
            text.append(format(" (%d %%)", Math.round(100.0 * stats.usedBytes() / stats.limitBytes())));
        }
        text.append(format(", %,d chunks, %s", stats.chunks(), stats.state()));
        text.append(format("%nfor tags %s, pinned %s", Sizes.text(stats.tagsBytes()), Sizes.text(stats.pinnedBytes())));
        text.append(format(
                "%nread %,d, written %,d, already there %,d, evicted %,d",
                stats.reads(), stats.puts(), stats.duplicates(), stats.evictions()));
        text.append(format("%ndamaged %,d, failed %,d", stats.corruptions(), stats.failures()));
        stats.hitRatio().ifPresent(ratio -> text.append(format("%nfrom the cache %.1f %%", 100 * ratio)));
        stats.fetchedBytes().ifPresent(bytes -> text.append(format("%nfetched from origins %s", Sizes.text(bytes))));
        return text.toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
