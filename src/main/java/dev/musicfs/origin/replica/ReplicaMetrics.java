package dev.musicfs.origin.replica;

import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of reads; the names are those of {@link ReplicaStats}. For any thread. */
final class ReplicaMetrics {
    final LongAdder reads = new LongAdder();
    final LongAdder attempts = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder failovers = new LongAdder();
    final LongAdder hedges = new LongAdder();
    final LongAdder failed = new LongAdder();

    ReplicaStats snapshot(int suspects, int fromBackup) {
        return new ReplicaStats(
                reads.sum(),
                attempts.sum(),
                retries.sum(),
                failovers.sum(),
                hedges.sum(),
                failed.sum(),
                suspects,
                fromBackup);
    }
}
