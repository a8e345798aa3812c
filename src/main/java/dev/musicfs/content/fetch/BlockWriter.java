package dev.musicfs.content.fetch;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
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
    private final Counters counters;

    /** @param workers where the store may block; each puts one block together, 1 MiB at most, while it writes */
    BlockWriter(ChunkStore store, Loop loop, Executor workers, long maxPendingBytes, Counters counters) {
        this.store = store;
        this.loop = loop;
        this.workers = workers;
        this.maxPendingBytes = maxPendingBytes;
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
    boolean offer(byte[][] pieces, int length, EvictionClass evictionClass, Consumer<@Nullable ChunkId> done) {
        if (!open()) {
            return false;
        }
        if (counters.pendingWriteBytes.get() + length > maxPendingBytes) {
            counters.droppedWrites.increment();
            return false;
        }
        counters.pendingWriteBytes.addAndGet(length);
        workers.execute(() -> {
            ChunkId chunk = putBlocking(pieces, length, evictionClass);
            loop.execute(() -> {
                counters.pendingWriteBytes.addAndGet(-length);
                (chunk == null ? counters.failedWrites : counters.storedBlocks).increment();
                done.accept(chunk);
            });
        });
        return true;
    }

    private @Nullable ChunkId putBlocking(byte[][] pieces, int length, EvictionClass evictionClass) {
        try {
            ByteBuffer whole = ByteBuffer.wrap(pieces[0]);
            if (pieces.length > 1) {
                whole = ByteBuffer.allocate(length);
                for (byte[] piece : pieces) {
                    whole.put(piece);
                }
                whole.flip();
            }
            return store.putBlocking(whole, evictionClass);
        } catch (RuntimeException | Error e) { // whatever it is, or the block would be held for good
            log.debug("a block could not be stored", e);
            return null;
        }
    }
}
