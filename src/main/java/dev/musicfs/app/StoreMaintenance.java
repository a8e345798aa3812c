package dev.musicfs.app;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.control.CacheMaintenance;
import dev.musicfs.control.CacheStats;
import dev.musicfs.control.ClearResult;
import dev.musicfs.control.Progress;
import dev.musicfs.control.VerifyResult;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A chunk store as the control room sees it; neither room knows the other.
 *
 * @param store whose counters are shown
 * @param verifier checks it
 * @param clearer empties it
 * @param reading what readers have had so far; empty where nobody reads
 * @param closer lets go of the store; does nothing where it belongs to somebody else
 */
record StoreMaintenance(
        ChunkStore store, Verifier verifier, Clearer clearer, Supplier<Optional<ContentStats>> reading, Runnable closer)
        implements CacheMaintenance {
    /** Checks every chunk; tells how many it has looked at. */
    @FunctionalInterface
    interface Verifier {
        VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, LongConsumer progress);
    }

    /** Removes every chunk. */
    @FunctionalInterface
    interface Clearer {
        void clearBlocking(boolean alsoPinned);
    }

    @Override
    public CacheStats statsBlocking() {
        StoreStats stats = store.stats();
        Optional<ContentStats> read = reading.get();
        return new CacheStats(
                stats.state().name(),
                stats.chunks(),
                stats.usedBytes(),
                stats.limitBytes(),
                stats.tagsBytes(),
                stats.pinnedBytes(),
                stats.reads(),
                stats.puts(),
                stats.duplicates(),
                stats.evictions(),
                stats.corruptions(),
                stats.failures(),
                read.map(ContentStats::hitRatio).orElse(OptionalDouble.empty()),
                read.map(now -> OptionalLong.of(now.fetchedBytes())).orElse(OptionalLong.empty()));
    }

    @Override
    public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
        long of = store.stats().chunks();
        return verifier.verifyBlocking(repair, cancelled, done -> progress.reached(done, Math.max(done, of)));
    }

    @Override
    public ClearResult clearBlocking(boolean alsoPinned) {
        StoreStats before = store.stats();
        clearer.clearBlocking(alsoPinned);
        StoreStats after = store.stats();
        // Readers fill it again meanwhile.
        return new ClearResult(
                Math.max(0, before.chunks() - after.chunks()), Math.max(0, before.usedBytes() - after.usedBytes()));
    }

    @Override
    public void close() {
        closer.run();
    }
}
