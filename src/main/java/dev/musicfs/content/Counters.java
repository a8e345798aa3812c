package dev.musicfs.content;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The numbers behind {@link ContentStats}; counted and read on any thread. */
final class Counters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder coalesced = new LongAdder();
    final LongAdder passthroughReads = new LongAdder();
    final LongAdder fetchedBytes = new LongAdder();
    final LongAdder storedBlocks = new LongAdder();
    final LongAdder droppedWrites = new LongAdder();
    final LongAdder failedWrites = new LongAdder();
    final LongAdder carriedBlocks = new LongAdder();
    final AtomicLong inFlightBytes = new AtomicLong();
    final AtomicLong heldBytes = new AtomicLong();
    final AtomicLong pendingWriteBytes = new AtomicLong();
    final AtomicLong waiting = new AtomicLong();
    final AtomicLong openFiles = new AtomicLong();

    ContentStats snapshot() {
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
