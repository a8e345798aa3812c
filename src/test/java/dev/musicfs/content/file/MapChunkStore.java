package dev.musicfs.content.file;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Chunks in a map, with faults to switch on. */
final class MapChunkStore implements ChunkStore {
    final Map<ChunkId, byte[]> chunks = new ConcurrentHashMap<>();
    final Map<ChunkId, EvictionClass> tiers = new ConcurrentHashMap<>();
    volatile StoreState state = StoreState.NORMAL;
    volatile @Nullable RuntimeException onRead;
    volatile @Nullable RuntimeException onPut;
    volatile @Nullable Error defectOfPut;
    volatile int puts;

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        int position = dst.position();
        if (onRead != null) {
            // Whatever was copied before a failure was noticed must not be seen.
            while (dst.hasRemaining()) {
                dst.put((byte) 0x55);
            }
            dst.position(position);
            throw onRead;
        }
        byte[] bytes = chunks.get(chunk);
        if (bytes == null) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "no chunk " + chunk);
        }
        if (!ChunkId.of(ByteBuffer.wrap(bytes)).equals(chunk)) {
            chunks.remove(chunk);
            throw new MusicFsException(FailureKind.CORRUPT, "damaged chunk " + chunk);
        }
        if (offset < 0 || offset + dst.remaining() > bytes.length) {
            throw new MusicFsException(FailureKind.INVALID, "not inside the chunk");
        }
        dst.put(bytes, offset, dst.remaining());
    }

    @Override
    public synchronized ChunkId putBlocking(ByteBuffer bytes, EvictionClass evictionClass) {
        if (defectOfPut != null) {
            throw defectOfPut;
        }
        if (onPut != null) {
            throw onPut;
        }
        puts++;
        ChunkId chunk = ChunkId.of(bytes);
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        chunks.put(chunk, copy);
        tiers.put(chunk, evictionClass);
        return chunk;
    }

    /** Changes one byte of every chunk. */
    void damageAll() {
        chunks.replaceAll((chunk, bytes) -> {
            byte[] damaged = bytes.clone();
            damaged[damaged.length / 2] ^= 1;
            return damaged;
        });
    }

    @Override
    public boolean containsBlocking(ChunkId chunk) {
        return chunks.containsKey(chunk);
    }

    @Override
    public void removeBlocking(Collection<ChunkId> some) {
        some.forEach(chunks::remove);
    }

    @Override
    public void pinBlocking(Collection<ChunkId> some, boolean pinned) {}

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public StoreStats stats() {
        return new StoreStats(state, chunks.size(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
