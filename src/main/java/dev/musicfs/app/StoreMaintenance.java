package dev.musicfs.app;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.control.CacheMaintenance;
import dev.musicfs.control.CacheStats;
import dev.musicfs.control.ClearResult;
import dev.musicfs.control.Progress;
import dev.musicfs.control.VerifyResult;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A chunk store as the control room sees it; neither room knows the other.
 *
 * @param store whose counters are shown
 * @param verifier checks it
 * @param clearer empties it
 * @param hitRatio what to show as such
 * @param closer lets go of the store; does nothing where it belongs to somebody else
 */
record StoreMaintenance(
        ChunkStore store, Verifier verifier, Clearer clearer, Supplier<OptionalDouble> hitRatio, Runnable closer)
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
                hitRatio.get());
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
