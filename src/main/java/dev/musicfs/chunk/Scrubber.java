package dev.musicfs.chunk;

import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads every chunk once in an interval, evenly spread, and deletes what is damaged. Where it stood is not remembered
 * over a restart; each start begins at another part. On one thread.
 */
final class Scrubber {
    private static final int MOST_AT_ONCE = 64;

    private final ChunkFiles files;
    private final ChunkBook book;
    private final AtomicLong corruptions;
    private final long intervalNanos;
    private final Clock clock;
    private final Deque<ChunkId> part = new ArrayDeque<>();
    private int shard;
    private long lastNanos;
    private double due;

    Scrubber(ChunkFiles files, ChunkBook book, AtomicLong corruptions, Duration interval, Clock clock) {
        this.files = files;
        this.book = book;
        this.corruptions = corruptions;
        this.intervalNanos = interval.toNanos();
        this.clock = clock;
        this.lastNanos = clock.monotonicNanos();
        this.shard = (int) Math.floorMod(clock.wallNanos() >>> 20, (long) ChunkFiles.SHARDS);
    }

    /** Reads as many as the time since the last call has made due. */
    void scrubBlocking(BooleanSupplier stopped) {
        long now = clock.monotonicNanos();
        long chunks = book.ledger().sums().chunks();
        due = Math.min(MOST_AT_ONCE, due + chunks * ((double) (now - lastNanos) / intervalNanos));
        lastNanos = now;
        while (due >= 1 && !stopped.getAsBoolean()) {
            due--;
            ChunkId chunk = next();
            if (chunk == null) {
                return;
            }
            new StoreCheck(files, book, corruptions, true, true).fileBlocking(chunk);
        }
    }

    private @Nullable ChunkId next() {
        for (int looked = 0; part.isEmpty() && looked < ChunkFiles.SHARDS; looked++) {
            part.addAll(files.namesBlocking(shard));
            shard = (shard + 1) % ChunkFiles.SHARDS;
        }
        return part.poll();
    }
}
