package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Chunk files on a disk, without any knowledge of how many there may be. Each describes itself, so that an index can be
 * made from them. Safe for many threads. Failures as in {@link ChunkStore}.
 */
public interface ChunkFiles extends AutoCloseable {
    /** A chunk file as a look through the directories shows it; its bytes have not been verified, and its header may be damaged. */
    record Found(ChunkId chunk, long fileBytes, EvictionClass evictionClass, long modifiedNanos) {}

    /** Length of the file of a chunk of so many bytes. */
    long fileBytes(int chunkBytes);

    /**
     * As {@link ChunkStore#readBlocking}; a damaged file has been deleted when this fails with {@code CORRUPT}, unless the
     * disk refuses that. What is not a regular file is {@code NOT_FOUND} and left alone.
     */
    void readBlocking(ChunkId chunk, int offset, ByteBuffer dst);

    /**
     * Writes and publishes the bytes of a chunk whose address the caller has computed.
     *
     * @return the length of its file
     */
    long writeBlocking(ChunkId chunk, ByteBuffer bytes, EvictionClass evictionClass);

    /** Whether there is a file for it. */
    boolean existsBlocking(ChunkId chunk);

    /** Notes in the file that it is of this eviction class; {@code NOT_FOUND} without the file. */
    void setEvictionClassBlocking(ChunkId chunk, EvictionClass evictionClass);

    /** Deletes the file; false when there was none. */
    boolean deleteBlocking(ChunkId chunk);

    /** Reads the whole file and checks its address: {@code CORRUPT} when it is damaged (not deleted), {@code NOT_FOUND}. */
    void verifyBlocking(ChunkId chunk);

    /**
     * Every chunk file, in no order; files whose headers are damaged are deleted on the way, and single files that
     * cannot be read are left out.
     */
    void forEachBlocking(Consumer<Found> consumer);

    /** Notes when a chunk was used last, so that this outlives the index; nothing happens without the file. */
    void touchBlocking(ChunkId chunk, long wallNanos);

    /** Deletes what unfinished writes left; gives their number. For the start, while nothing is written. */
    int sweepBlocking();

    /** Forces to the disk what was written and not forced, at most the last 1024 chunks. */
    void forceBlocking();

    /** Closes what it keeps open. */
    @Override
    void close();
}
