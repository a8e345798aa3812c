package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.model.ChunkId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** Picks the chunks used longest ago out of any number of entries, at most so many, the coldest first. */
final class ColdestChunks {
    /** About 300 KiB; one look at the index serves so many evictions. */
    static final int MOST = 4096;

    /** A chunk with its last use as it was when it was looked at. */
    record Cold(ChunkId chunk, long lastUseNanos) {}

    private static final Comparator<Cold> COLDEST_FIRST =
            Comparator.comparingLong(Cold::lastUseNanos).thenComparing(Cold::chunk, Comparator.comparing(ChunkId::hex));

    private final PriorityQueue<Cold> warmestFirst = new PriorityQueue<>(COLDEST_FIRST.reversed());
    private final Tier tier;
    private final int most;

    ColdestChunks(Tier tier, int most) {
        this.tier = tier;
        this.most = most;
    }

    void look(ChunkId chunk, Entry entry) {
        if (entry.tier() != tier || entry.pinned()) {
            return;
        }
        Cold cold = new Cold(chunk, entry.lastUseNanos());
        if (warmestFirst.size() < most) {
            warmestFirst.add(cold);
        } else if (COLDEST_FIRST.compare(cold, warmestFirst.element()) < 0) {
            warmestFirst.remove();
            warmestFirst.add(cold);
        }
    }

    Deque<Cold> coldestFirst() {
        Deque<Cold> result = new ArrayDeque<>(warmestFirst.size());
        while (!warmestFirst.isEmpty()) {
            result.addFirst(warmestFirst.remove());
        }
        return result;
    }
}
