package dev.musicfs.chunk;

import dev.musicfs.model.ChunkId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When chunks were used, until the index is told: at most {@value #MOST} chunks, about 6 MiB. Beyond that a use of a
 * further chunk is lost, which may let it be evicted too early.
 */
final class LastUses {
    static final int MOST = 65_536;
    /** From here on the index should be told. */
    static final int MANY = MOST / 2;

    private final ConcurrentHashMap<ChunkId, Long> uses = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** Notes a use; cheap. */
    void note(ChunkId chunk, long wallNanos) {
        if (uses.replace(chunk, wallNanos) == null && count.get() < MOST && uses.put(chunk, wallNanos) == null) {
            count.incrementAndGet();
        }
    }

    boolean many() {
        return count.get() >= MANY;
    }

    /** Whether it was used and the index does not know yet. */
    boolean has(ChunkId chunk) {
        return uses.containsKey(chunk);
    }

    /** Takes out all there are. */
    Map<ChunkId, Long> take() {
        Map<ChunkId, Long> taken = new HashMap<>();
        for (ChunkId chunk : uses.keySet()) {
            Long use = uses.remove(chunk);
            if (use != null) {
                count.decrementAndGet();
                taken.put(chunk, use);
            }
        }
        return taken;
    }
}
