package dev.musicfs.chunk.index;

import dev.musicfs.model.ChunkId;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * What is known of each chunk without opening its file. Disposable: any failure means that it must be thrown away and
 * rebuilt from the chunk files. Every call ends within a bound, whatever the index is made of.
 * Safe for many threads; each call but {@link #forEach} is atomic.
 */
public interface ChunkIndex {
    /** What a change found and what it left. */
    record Change(Optional<IndexEntry> before, Optional<IndexEntry> after) {}

    /** The entry of a chunk. */
    Optional<IndexEntry> get(ChunkId chunk) throws IndexLostException;

    /** Replaces, makes or removes an entry in one step. The operator runs on another thread: it must only compute. */
    Change update(ChunkId chunk, UnaryOperator<Optional<IndexEntry>> change) throws IndexLostException;

    /** Notes the last use of chunks, wall clock nanoseconds; those that are not there are ignored. At most a few thousand. */
    void touch(Map<ChunkId, Long> uses) throws IndexLostException;

    /**
     * Every entry, in no order, on the calling thread; changes made meanwhile, also by the consumer, may or may not be
     * seen. Holds a bounded number of entries at a time.
     */
    void forEach(BiConsumer<ChunkId, IndexEntry> consumer) throws IndexLostException;

    /** Whether what it writes would be found again, as far as a look at the disk tells. Blocks; for any thread. */
    boolean isInPlaceBlocking();

    /**
     * Writes everything and notes, with the totals of its entries and the current round, that the index was closed in
     * order. Never throws; what fails is an index that the next start rebuilds.
     */
    void close(IndexTotals totals, int round);

    /** Gives it up and deletes it. Never throws, never waits for a call that hangs. */
    void abandon();
}
