package dev.musicfs.content.fetch;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The numbers behind {@link ContentStats}; counted and read on any thread. */
public final class Counters {
    public final LongAdder hits = new LongAdder();
    public final LongAdder misses = new LongAdder();
    public final LongAdder coalesced = new LongAdder();
    public final LongAdder passthroughReads = new LongAdder();
    public final LongAdder fetchedBytes = new LongAdder();
    final LongAdder storedBlocks = new LongAdder();
    final LongAdder droppedWrites = new LongAdder();
    final LongAdder failedWrites = new LongAdder();
    public final LongAdder carriedBlocks = new LongAdder();
    public final AtomicLong inFlightBytes = new AtomicLong();
    public final AtomicLong heldBytes = new AtomicLong();
    final AtomicLong pendingWriteBytes = new AtomicLong();
    public final AtomicLong waiting = new AtomicLong();
    public final AtomicLong openFiles = new AtomicLong();

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
