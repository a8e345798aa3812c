package dev.musicfs.chunk.index;

import dev.musicfs.chunk.Tier;
import dev.musicfs.model.ChunkId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * What is known of each chunk without opening its file. Disposable: any failure means that it must be thrown away and
 * made anew from the chunk files. Every call ends within a bound of the implementation's, whatever the index is made of.
 * Safe for many threads; each call but {@link #forEach} is atomic.
 */
public interface ChunkIndex {
    /** A use that lies a day ahead is one of a clock that was wrong, not of one that was corrected a little. */
    long MOST_AHEAD_NANOS = Duration.ofDays(1).toNanos();

    /**
     * What is known of one chunk.
     *
     * @param fileBytes length of the chunk's file
     * @param tier which chunks leave first
     * @param pinned whether it is kept from being evicted
     * @param lastUseNanos wall clock, nanoseconds since the epoch, of the last use
     * @param round the count of all chunks in which this one was last counted
     */
    record Entry(int fileBytes, Tier tier, boolean pinned, long lastUseNanos, int round) {
        public Entry withFileBytes(int bytes) {
            return new Entry(bytes, tier, pinned, lastUseNanos, round);
        }

        public Entry withTier(Tier other) {
            return new Entry(fileBytes, other, pinned, lastUseNanos, round);
        }

        public Entry withPinned(boolean yes) {
            return new Entry(fileBytes, tier, yes, lastUseNanos, round);
        }

        /** The later of both counts, unless the one there is of a clock that was wrong. */
        public Entry usedAt(long nanos) {
            long use = isAheadOf(nanos) ? nanos : Math.max(lastUseNanos, nanos);
            return new Entry(fileBytes, tier, pinned, use, round);
        }

        /** Whether its last use lies so far ahead of a time of the wall clock that one of them is wrong. */
        public boolean isAheadOf(long wallNanos) {
            return lastUseNanos - MOST_AHEAD_NANOS > wallNanos;
        }

        public Entry withRound(int other) {
            return new Entry(fileBytes, tier, pinned, lastUseNanos, other);
        }
    }

    /** What a change found and what it left. */
    record Change(Optional<Entry> before, Optional<Entry> after) {}

    /** The index cannot be trusted any more. */
    final class Lost extends Exception {
        private static final long serialVersionUID = 1L;

        public Lost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The entry of a chunk. */
    Optional<Entry> get(ChunkId chunk) throws Lost;

    /** Replaces, makes or removes an entry in one step. The operator runs on another thread: it must only compute. */
    Change update(ChunkId chunk, UnaryOperator<Optional<Entry>> change) throws Lost;

    /** Notes the last use of chunks, wall clock nanoseconds; those that are not there are ignored. At most a few thousand. */
    void touch(Map<ChunkId, Long> uses) throws Lost;

    /**
     * Every entry, in no order, on the calling thread; changes made meanwhile, also by the consumer, may or may not be
     * seen. Holds a bounded number of entries at a time.
     */
    void forEach(BiConsumer<ChunkId, Entry> consumer) throws Lost;

    /** Whether what it writes would be found again, as far as a look at the disk tells. Blocks; for any thread. */
    boolean isInPlaceBlocking();

    /**
     * Writes everything and notes, with the totals of its entries and the current round, that the index was closed in
     * order. Never throws; what fails is an index that is made anew at the next start.
     */
    void close(Totals totals, int round);

    /** Gives it up and deletes it. Never throws, never waits for a call that hangs. */
    void abandon();
}
