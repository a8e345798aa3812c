package dev.musicfs.control.api;

import java.util.function.BooleanSupplier;

/**
 * What can be done to the cache as a whole, by the daemon itself, through its socket, or on the cache directory of a
 * daemon that does not run. Blocks the calling thread; fails with a {@link dev.musicfs.failure.MusicFsException}.
 */
public interface CacheMaintenance extends AutoCloseable {
    /** Its counters. */
    CacheStats statsBlocking();

    /**
     * Reads and checks every chunk, until {@code cancelled} says so. With {@code repair}, what is damaged is removed and
     * the index put right; without, nothing is changed.
     */
    VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress);

    /** Removes every chunk; pinned ones only when {@code alsoPinned}. */
    ClearResult clearBlocking(boolean alsoPinned);

    /** Lets go of what it holds. */
    @Override
    void close();
}
