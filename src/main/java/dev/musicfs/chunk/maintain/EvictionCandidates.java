package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.index.IndexEntry;
import dev.musicfs.model.ChunkId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The least recently used of any number of chunks, holding only so many. */
final class EvictionCandidates {
    record Cold(ChunkId chunk, IndexEntry entry) {}

    private final int most;
    private final Comparator<Cold> byUse;
    // The warmest on top, to make way for a colder one.
    private final PriorityQueue<Cold> kept;

    /**
     * Nothing yet.
     *
     * @param wallNanos the present; what was used far ahead of it is colder than all else, or it would never leave after
     *     the clock was put back, and what is used now always would
     */
    EvictionCandidates(int most, long wallNanos) {
        this.most = most;
        this.byUse = Comparator.<Cold>comparingInt(cold -> cold.entry().isAheadOf(wallNanos) ? 0 : 1)
                .thenComparingLong(cold -> cold.entry().lastUseNanos());
        this.kept = new PriorityQueue<>(byUse.reversed());
    }

    void offer(ChunkId chunk, IndexEntry entry) {
        Cold offered = new Cold(chunk, entry);
        if (kept.size() == most) {
            Cold warmest = kept.peek();
            if (warmest != null && byUse.compare(warmest, offered) <= 0) {
                return;
            }
            kept.poll();
        }
        kept.add(offered);
    }

    /** Coldest first. */
    List<Cold> coldestFirst() {
        List<Cold> sorted = new ArrayList<>(kept);
        sorted.sort(byUse);
        return sorted;
    }
}
