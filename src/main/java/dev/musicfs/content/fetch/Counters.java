package dev.musicfs.content.fetch;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The numbers behind {@link ContentStats}; counted and read on any thread. */
public final class Counters {
    /** Reads answered from the store on the reader's own thread. */
    public final LongAdder hits = new LongAdder();
    /** Reads that had to be waited for. */
    public final LongAdder misses = new LongAdder();

    final LongAdder coalesced = new LongAdder();
    /** The part of {@link #misses} while the store could not be read or not be written. */
    public final LongAdder passthroughReads = new LongAdder();

    final LongAdder fetchedBytes = new LongAdder();
    final LongAdder storedBlocks = new LongAdder();
    final LongAdder droppedWrites = new LongAdder();
    final LongAdder failedWrites = new LongAdder();
    /** Blocks of a new version that were there from the version before. */
    public final LongAdder carriedBlocks = new LongAdder();

    final AtomicLong inFlightBytes = new AtomicLong();
    final AtomicLong heldBytes = new AtomicLong();
    final AtomicLong pendingWriteBytes = new AtomicLong();
    final AtomicLong waiting = new AtomicLong();
    /** Files with at least one open handle, or with work not yet ended. */
    public final AtomicLong openFiles = new AtomicLong();

    /** What they are at present. */
    public ContentStats snapshot() {
        return new ContentStats(
                hits.sum(),
                misses.sum(),
                coalesced.sum(),
                passthroughReads.sum(),
                fetchedBytes.sum(),
                storedBlocks.sum(),
                droppedWrites.sum(),
                failedWrites.sum(),
                carriedBlocks.sum(),
                inFlightBytes.get(),
                heldBytes.get(),
                pendingWriteBytes.get(),
                waiting.get(),
                openFiles.get());
    }
}
