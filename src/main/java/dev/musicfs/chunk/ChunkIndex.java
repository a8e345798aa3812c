package dev.musicfs.chunk;

import dev.musicfs.model.ChunkId;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What is known of each chunk without opening its file. Disposable: any failure means that it must be thrown away and
 * made anew from the chunk files. Every call ends within a bound of the implementation's, whatever the index is made of.
 * Safe for many threads; calls for one chunk are ordered by the caller.
 */
interface ChunkIndex {
    /**
     * What is known of one chunk.
     *
     * @param fileBytes length of the chunk's file
     * @param tier which chunks leave first
     * @param pinned whether it is kept from being evicted
     * @param lastUseNanos wall clock, nanoseconds since the epoch, of the last use
     */
    record Entry(long fileBytes, Tier tier, boolean pinned, long lastUseNanos) {
        Entry withTier(Tier other) {
            return new Entry(fileBytes, other, pinned, lastUseNanos);
        }

        Entry withPinned(boolean other) {
            return new Entry(fileBytes, tier, other, lastUseNanos);
        }

        Entry usedAt(long nanos) {
            return new Entry(fileBytes, tier, pinned, Math.max(lastUseNanos, nanos));
        }
    }

    /** The index cannot be trusted any more. */
    final class Lost extends Exception {
        private static final long serialVersionUID = 1L;

        Lost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The entry of a chunk. */
    Optional<Entry> get(ChunkId chunk) throws Lost;

    /** Puts or replaces an entry; gives the one before. */
    Optional<Entry> put(ChunkId chunk, Entry entry) throws Lost;

    /** Removes entries; those that are not there are ignored. */
    void remove(Collection<ChunkId> chunks) throws Lost;

    /** Every entry, in no order, on the calling thread; changes made meanwhile may or may not be seen. */
    void forEach(BiConsumer<ChunkId, Entry> consumer) throws Lost;

    /** Makes what was changed so far survive the end of the process. */
    void flush() throws Lost;

    /** Closes it in order, so that the next start finds it and its sums. Never throws. */
    void close(Ledger.Sums sums);

    /** Gives it up: its files are removed, a call that hangs is left behind. Never throws. */
    void discard();
}
