package dev.musicfs.chunk;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Collection;

/** What there is when nothing is to be stored. */
public final class AbsentChunkStore implements ChunkStore {
    /** Always empty and never usable. */
    public AbsentChunkStore() {}

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        throw absent();
    }

    @Override
    public ChunkId putBlocking(ByteBuffer bytes, EvictionClass evictionClass) {
        throw absent();
    }

    @Override
    public boolean containsBlocking(ChunkId chunk) {
        return false;
    }

    @Override
    public void removeBlocking(Collection<ChunkId> chunks) {}

    @Override
    public void pinBlocking(Collection<ChunkId> chunks, boolean pinned) {}

    @Override
    public StoreState state() {
        return StoreState.UNUSABLE;
    }

    @Override
    public StoreStats stats() {
        return new StoreStats(state(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static MusicFsException absent() {
        return new MusicFsException(FailureKind.UNAVAILABLE, "There is no chunk store.");
    }
}
