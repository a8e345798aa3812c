package dev.musicfs.testkit;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A store in memory: bounded, verified and evicting the least recently used, audio before tags. One lock for all. */
public final class MemoryChunkStore implements ChunkStore {
    private final long limitBytes;
    // Least recently used first.
    private final Map<ChunkId, Chunk> chunks = new LinkedHashMap<>(16, 0.75f, true);
    private long usedBytes;
    private long reads;
    private long puts;
    private long duplicates;
    private long evictions;
    private long corruptions;
    private long failures;

    private static final class Chunk {
        private final byte[] bytes;
        private EvictionClass evictionClass;
        private boolean pinned;

        Chunk(byte[] bytes, EvictionClass evictionClass) {
            this.bytes = bytes;
            this.evictionClass = evictionClass;
        }
    }

    /** Holds at most so many bytes. */
    public MemoryChunkStore(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Flips a bit of a chunk that is there, as a failing disk does. */
    public synchronized void damage(ChunkId chunk) {
        chunks.get(chunk).bytes[0] ^= 1;
    }

    @Override
    public synchronized void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        Chunk found = chunks.get(chunk);
        if (found == null) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "there is no chunk " + chunk);
        }
        if (!ChunkId.of(ByteBuffer.wrap(found.bytes)).equals(chunk)) {
            remove(chunk);
            corruptions++;
            throw new MusicFsException(FailureKind.CORRUPT, "chunk " + chunk + " was damaged");
        }
        if (offset < 0 || offset > found.bytes.length - dst.remaining()) {
            throw new MusicFsException(FailureKind.INVALID, "the range is not inside chunk " + chunk);
        }
        dst.put(found.bytes, offset, dst.remaining());
        reads++;
    }

    @Override
    public synchronized ChunkId putBlocking(ByteBuffer bytes, EvictionClass evictionClass) {
        int length = bytes.remaining();
        if (length < 1 || length > MAX_CHUNK_BYTES) {
            throw new MusicFsException(FailureKind.INVALID, "a chunk of " + length + " bytes");
        }
        ChunkId id = ChunkId.of(bytes);
        Chunk present = chunks.get(id);
        if (present != null) {
            present.evictionClass = evictionClass == EvictionClass.TAGS ? EvictionClass.TAGS : present.evictionClass;
            duplicates++;
            return id;
        }
        makeRoom(length);
        byte[] copy = new byte[length];
        bytes.duplicate().get(copy);
        chunks.put(id, new Chunk(copy, evictionClass));
        usedBytes += length;
        puts++;
        return id;
    }

    @Override
    public synchronized boolean containsBlocking(ChunkId chunk) {
        return chunks.containsKey(chunk);
    }

    @Override
    public synchronized void removeBlocking(Collection<ChunkId> gone) {
        gone.forEach(this::remove);
    }

    @Override
    public synchronized void pinBlocking(Collection<ChunkId> those, boolean pinned) {
        for (Map.Entry<ChunkId, Chunk> each : chunks.entrySet()) {
            if (those.contains(each.getKey())) {
                each.getValue().pinned = pinned;
            }
        }
    }

    @Override
    public StoreState state() {
        return StoreState.NORMAL;
    }

    @Override
    public synchronized StoreStats stats() {
        long tags = chunks.values().stream()
                .filter(chunk -> chunk.evictionClass == EvictionClass.TAGS)
                .mapToLong(chunk -> chunk.bytes.length)
                .sum();
        long pinned = chunks.values().stream()
                .filter(chunk -> chunk.pinned)
                .mapToLong(chunk -> chunk.bytes.length)
                .sum();
        return new StoreStats(
                state(),
                chunks.size(),
                usedBytes,
                limitBytes,
                tags,
                pinned,
                reads,
                puts,
                duplicates,
                evictions,
                corruptions,
                failures);
    }

    private void makeRoom(int bytes) {
        long pinned = stats().pinnedBytes();
        if (pinned + bytes > limitBytes) {
            failures++;
            throw new MusicFsException(FailureKind.NO_SPACE, "the store has no room for " + bytes + " bytes");
        }
        for (EvictionClass evictionClass : EvictionClass.values()) {
            Iterator<Chunk> oldest = chunks.values().iterator();
            while (usedBytes + bytes > limitBytes && oldest.hasNext()) {
                Chunk chunk = oldest.next();
                if (chunk.evictionClass == evictionClass && !chunk.pinned) {
                    oldest.remove();
                    usedBytes -= chunk.bytes.length;
                    evictions++;
                }
            }
        }
    }

    private void remove(ChunkId chunk) {
        Chunk gone = chunks.remove(chunk);
        usedBytes -= gone == null ? 0 : gone.bytes.length;
    }
}
