package dev.musicfs.chunk.disk;

import dev.musicfs.model.ChunkId;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Chunks whose address was computed from their file since the start. One place per chunk, shared by chunks that agree
 * in 17 bits of their address: the later takes it, and the earlier is verified once more when its file is next opened.
 * 1 MiB. Chunks count as equal when 81 bits of their address are.
 */
final class VerifiedChunks {
    private static final int PLACES = 1 << 17;

    private final AtomicLongArray places = new AtomicLongArray(PLACES);

    void add(ChunkId chunk) {
        places.set(place(chunk), chunk.word0());
    }

    void remove(ChunkId chunk) {
        places.compareAndSet(place(chunk), chunk.word0(), 0);
    }

    boolean contains(ChunkId chunk) {
        return chunk.word0() != 0 && places.get(place(chunk)) == chunk.word0();
    }

    private static int place(ChunkId chunk) {
        return (int) chunk.word1() & (PLACES - 1);
    }
}
