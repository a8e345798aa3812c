package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.model.ChunkId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The least recently used of any number of chunks, holding only so many. */
final class ColdestChunks {
    record Cold(ChunkId chunk, Entry entry) {}

    private static final Comparator<Cold> BY_USE =
            Comparator.comparingLong(cold -> cold.entry().lastUseNanos());

    private final int most;
    // The warmest on top, to make way for a colder one.
    private final PriorityQueue<Cold> kept = new PriorityQueue<>(BY_USE.reversed());

    ColdestChunks(int most) {
        this.most = most;
    }

    void offer(ChunkId chunk, Entry entry) {
        if (kept.size() == most) {
            Cold warmest = kept.peek();
            if (warmest != null && warmest.entry().lastUseNanos() <= entry.lastUseNanos()) {
                return;
            }
            kept.poll();
        }
        kept.add(new Cold(chunk, entry));
    }

    /** Coldest first. */
    List<Cold> coldestFirst() {
        List<Cold> sorted = new ArrayList<>(kept);
        sorted.sort(BY_USE);
        return sorted;
    }
}
