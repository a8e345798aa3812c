package dev.musicfs.chunk;

import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Chunks by the hash of their bytes. Bounded, verified, and disposable: everything in it can be fetched again.
 *
 * <p>Methods that end in {@code Blocking} touch a disk and are for FUSE and worker threads, any number at a time, never
 * for an event loop. They fail with a {@link dev.musicfs.failure.MusicFsException}; a read for a user then goes to
 * the origin.
 */
public interface ChunkStore {
    /** The largest chunk: 1 MiB. */
    int MAX_CHUNK_BYTES = 1 << 20;

    /**
     * Fills all that remains of {@code dst} with the chunk's bytes from {@code offset}. Every byte has been verified
     * when this returns; on failure the content of {@code dst} is undefined and its position is where it was. Counts as a
     * use of the chunk.
     *
     * <p>Fails with {@code NOT_FOUND} when the chunk is not there, {@code CORRUPT} when its bytes were wrong (it has been
     * deleted by then), {@code INVALID} when the range is not inside it, {@code UNAVAILABLE} or {@code REJECTED} when the
     * disk fails so.
     */
    void readBlocking(ChunkId chunk, int offset, ByteBuffer dst);

    /**
     * Stores the bytes between position and limit, 1 to {@link #MAX_CHUNK_BYTES}, which stay where they are. One that is
     * there already is kept, moved to {@code TAGS} if it was {@code AUDIO} and is now put as {@code TAGS}. Whole on disk
     * when this returns, or not there at all.
     *
     * <p>Fails with {@code NO_SPACE} at its bounds or a full disk, else {@code READ_ONLY}, {@code REJECTED},
     * {@code UNAVAILABLE}.
     */
    ChunkId putBlocking(ByteBuffer bytes, EvictionClass evictionClass);

    /** Whether the chunk is there, without reading it. */
    boolean containsBlocking(ChunkId chunk);

    /** Removes chunks; those that are not there are ignored. Pinned ones go as well. */
    void removeBlocking(Collection<ChunkId> chunks);

    /** Keeps chunks from being evicted, or lets them be evicted again; those that are not there are ignored. */
    void pinBlocking(Collection<ChunkId> chunks, boolean pinned);

    /** What it is fit for at present; never blocks. */
    StoreState state();

    /** Its size and what it has done since the start; never blocks. */
    StoreStats stats();
}
