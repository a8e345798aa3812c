package dev.musicfs.chunk.index;

import java.util.Optional;

/** Where indexes come from. */
public interface IndexSource {
    /**
     * An index that can be used.
     *
     * @param totals of its entries, when it is one that was closed in order; empty: it is new and has no entries
     * @param round the last round of counting its entries know
     */
    record Opened(ChunkIndex index, Optional<IndexTotals> totals, int round) {}

    /** The index that was closed in order, if it is exactly that one; else a new one. */
    Opened openBlocking() throws IndexLostException;

    /** A new one, under a new name; what was there before is deleted as far as possible. */
    Opened createBlocking() throws IndexLostException;
}
