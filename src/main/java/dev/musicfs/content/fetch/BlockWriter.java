package dev.musicfs.content.fetch;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.BufferPool;
import dev.musicfs.runtime.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts blocks into the store after their readers have been answered. The bytes that wait to be written are bounded; beyond
 * that a write is dropped, and the block is fetched again when it is read again. A store that hangs delays no reader.
 * Confined to the loop.
 */
final class BlockWriter {
    private static final Logger log = LoggerFactory.getLogger(BlockWriter.class);

    private final ChunkStore store;
    private final Loop loop;
    private final Executor workers;
    private final long maxPendingBytes;
    private final BufferPool pool;
    private final Counters counters;

    /** @param workers where the store may block; each puts one block together, 1 MiB at most, while it writes */
    BlockWriter(
            ChunkStore store, Loop loop, Executor workers, long maxPendingBytes, BufferPool pool, Counters counters) {
        this.store = store;
        this.loop = loop;
        this.workers = workers;
        this.maxPendingBytes = maxPendingBytes;
        this.pool = pool;
        this.counters = counters;
    }

    /** Whether the store takes blocks at present. */
    boolean open() {
        return store.state().writable();
    }

    /**
     * Stores a block soon; false when it will not be stored.
     *
     * @param done called on the loop with the address, or with null when the store refused the block
     */
    boolean offer(
            List<PooledBuffer> pieces, int length, EvictionClass evictionClass, Consumer<@Nullable ChunkId> done) {
        if (!open()) {
            return false;
        }
        if (counters.pendingWriteBytes.get() + length > maxPendingBytes) {
            counters.droppedWrites.increment();
            return false;
        }
        counters.pendingWriteBytes.addAndGet(length);
        pieces.forEach(PooledBuffer::retain);
        workers.execute(() -> {
            ChunkId chunk = putBlocking(pieces, length, evictionClass);
            pieces.forEach(PooledBuffer::release);
            loop.execute(() -> {
                counters.pendingWriteBytes.addAndGet(-length);
                (chunk == null ? counters.failedWrites : counters.storedBlocks).increment();
                done.accept(chunk);
            });
        });
        return true;
    }

    private @Nullable ChunkId putBlocking(List<PooledBuffer> pieces, int length, EvictionClass evictionClass) {
        try {
            if (pieces.size() == 1) {
                return store.putBlocking(pieces.get(0).bytes(), evictionClass);
            }
            PooledBuffer whole = pool.take(length);
            try {
                ByteBuffer bytes = whole.bytes();
                pieces.forEach(piece -> bytes.put(piece.bytes()));
                return store.putBlocking(bytes.flip(), evictionClass);
            } finally {
                whole.release();
            }
        } catch (RuntimeException | Error e) { // whatever it is, or the block would be held for good
            log.debug("a block could not be stored", e);
            return null;
        }
    }
}
