package dev.musicfs.chunk.ledger;

import java.util.concurrent.atomic.LongAdder;

/** What a store has done since it was opened. */
public final class StoreCounters {
    public final LongAdder reads = new LongAdder();
    public final LongAdder puts = new LongAdder();
    public final LongAdder duplicates = new LongAdder();
    public final LongAdder evictions = new LongAdder();
    public final LongAdder corruptions = new LongAdder();
    public final LongAdder failures = new LongAdder();
}
