package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Makes room: audio used longest ago first, what scans for tags read last, what is pinned never. On one thread. */
final class Evictor {
    private final ChunkFiles files;
    private final ChunkBook book;
    private final LastUses uses;
    private final StoreLimit limit;
    private final long tagsQuotaBytes;
    private final AtomicLong evictions;

    Evictor(
            ChunkFiles files,
            ChunkBook book,
            LastUses uses,
            StoreLimit limit,
            long tagsQuotaBytes,
            AtomicLong evictions) {
        this.files = files;
        this.book = book;
        this.uses = uses;
        this.limit = limit;
        this.tagsQuotaBytes = tagsQuotaBytes;
        this.evictions = evictions;
    }

    /** Tells the index and the files what was used since the last time. */
    void noteUsesBlocking() {
        for (Map.Entry<ChunkId, Long> use : uses.take().entrySet()) {
            ChunkId chunk = use.getKey();
            book.alone(chunk, () -> {
                book.change(chunk, entry -> entry.usedAt(use.getValue()));
                return true;
            });
            touch(chunk, use.getValue());
        }
    }

    private void touch(ChunkId chunk, long nanos) {
        try {
            files.touchBlocking(chunk, nanos);
        } catch (MusicFsException e) {
            // Only the order of eviction after the loss of the index depends on it.
        }
    }

    /** Evicts until there is enough room again, if it has become scarce. */
    void evictBlocking() {
        if (limit.fillPercent() < StoreLimit.EVICTING || !book.open()) {
            return;
        }
        noteUsesBlocking();
        long tagsOver = book.ledger().sums().tagsBytes() - tagsQuotaBytes;
        if (tagsOver > 0) {
            evict(Tier.TAGS, Math.min(tagsOver, limit.excessBytes()));
        }
        evict(Tier.AUDIO, limit.excessBytes());
        evict(Tier.TAGS, limit.excessBytes());
    }

    /** At most so many bytes; fewer when there is no more of this tier. */
    private void evict(Tier tier, long bytes) {
        long left = bytes;
        while (left > 0) {
            ColdestChunks coldest = new ColdestChunks(tier, ColdestChunks.MOST);
            book.forEach(coldest::look);
            long before = left;
            Deque<ColdestChunks.Cold> victims = coldest.coldestFirst();
            for (ColdestChunks.Cold cold : victims) {
                if (left <= 0) {
                    return;
                }
                left -= evict(cold, tier);
            }
            if (left == before) {
                return;
            }
        }
    }

    private long evict(ColdestChunks.Cold cold, Tier tier) {
        ChunkId chunk = cold.chunk();
        return book.alone(chunk, () -> {
            Optional<Entry> stillCold = book.get(chunk)
                    .filter(entry -> !entry.pinned()
                            && entry.tier() == tier
                            && entry.lastUseNanos() == cold.lastUseNanos()
                            && !uses.has(chunk));
            if (stillCold.isEmpty()) {
                return 0L;
            }
            files.deleteBlocking(chunk);
            book.remove(chunk);
            evictions.incrementAndGet();
            return stillCold.get().fileBytes();
        });
    }
}
