package dev.musicfs.chunk;

import java.util.concurrent.atomic.LongAdder;

/** What a store has done since it was opened. */
final class Counters {
    final LongAdder reads = new LongAdder();
    final LongAdder puts = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder evictions = new LongAdder();
    final LongAdder corruptions = new LongAdder();
    final LongAdder failures = new LongAdder();
}
