package dev.musicfs.chunk.ledger;

import dev.musicfs.model.ChunkId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Uses of chunks that the index does not know of yet. Bounded: beyond {@link #MOST} chunks a use is forgotten, which
 * costs a little order among the least recently used. Reading never waits for it.
 */
public final class AccessTimes {
    /** As many are worth a batch. */
    static final int BATCH = 1024;

    /** As many are kept. */
    static final int MOST = 8192;

    private final ConcurrentHashMap<ChunkId, Long> uses = new ConcurrentHashMap<>();

    /** Notes a use; true when there is a batch. */
    public boolean note(ChunkId chunk, long wallNanos) {
        int known = uses.size();
        if (known < MOST) {
            uses.put(chunk, wallNanos);
        } else {
            uses.computeIfPresent(chunk, (same, before) -> wallNanos);
        }
        return known >= BATCH;
    }

    public boolean isEmpty() {
        return uses.isEmpty();
    }

    public boolean isBatch() {
        return uses.size() >= BATCH;
    }

    /** Whether a use is not in the index yet. */
    public boolean contains(ChunkId chunk) {
        return uses.containsKey(chunk);
    }

    /** Up to a batch of them; they stay until {@link #written}. */
    public Map<ChunkId, Long> batch() {
        Map<ChunkId, Long> batch = new HashMap<>();
        Iterator<Map.Entry<ChunkId, Long>> all = uses.entrySet().iterator();
        while (batch.size() < BATCH && all.hasNext()) {
            Map.Entry<ChunkId, Long> next = all.next();
            batch.put(next.getKey(), next.getValue());
        }
        return batch;
    }

    /** The index has these; what was used again meanwhile stays. */
    public void written(Map<ChunkId, Long> batch) {
        batch.forEach(uses::remove);
    }
}
