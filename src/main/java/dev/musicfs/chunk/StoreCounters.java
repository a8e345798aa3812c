package dev.musicfs.chunk;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a store has done since it was opened. */
final class StoreCounters {
    final LongAdder reads = new LongAdder();
    final LongAdder puts = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder failures = new LongAdder();
    final AtomicLong evictions = new AtomicLong();
    final AtomicLong corruptions = new AtomicLong();
}
