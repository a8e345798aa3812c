package dev.musicfs.chunk.disk;

import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.model.ChunkId;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Chunks that were written and not forced. At most {@value #MAX}: what was written before the last so many the kernel
 * has mostly written by itself, and a torn chunk is noticed.
 */
final class UnforcedChunks {
    static final int MAX = 1024;
    private static final int BATCH = 16;

    private final ArrayDeque<ChunkId> chunks = new ArrayDeque<>();

    /** Adds one; gives what it is time to force, mostly nothing. */
    synchronized List<ChunkId> add(ChunkId chunk, Durability durability) {
        chunks.addLast(chunk);
        if (durability == Durability.BATCH && chunks.size() >= BATCH) {
            return takeAll();
        }
        if (chunks.size() > MAX) {
            chunks.removeFirst();
        }
        return List.of();
    }

    synchronized List<ChunkId> takeAll() {
        List<ChunkId> taken = List.copyOf(chunks);
        chunks.clear();
        return taken;
    }
}
