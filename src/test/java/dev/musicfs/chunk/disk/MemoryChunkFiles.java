package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Chunk files in memory, which a test can damage, count and interrupt. */
public final class MemoryChunkFiles implements ChunkFiles {
    public static final int HEADER_BYTES = 100;

    /** A file; the buffer is only read. */
    public record File(ByteBuffer bytes, EvictionClass evictionClass, long modifiedNanos, boolean damaged) {
        public long length() {
            return (long) HEADER_BYTES + bytes.capacity();
        }
    }

    public final AtomicInteger verified = new AtomicInteger();
    public final Map<ChunkId, File> files;
    public final AtomicLong bytes = new AtomicLong();
    public volatile Consumer<ChunkId> beforeWrite = chunk -> {};
    public volatile Consumer<ChunkId> afterWrite = chunk -> {};
    public volatile Consumer<ChunkId> afterDelete = chunk -> {};
    public volatile Consumer<ChunkId> onVisit = chunk -> {};
    volatile long modifiedNanos;

    public MemoryChunkFiles() {
        this(Map.of());
    }

    /** As they are on a disk at this moment. */
    public MemoryChunkFiles(Map<ChunkId, File> files) {
        this.files = new ConcurrentHashMap<>(files);
        this.bytes.set(this.files.values().stream().mapToLong(File::length).sum());
    }

    public long sum() {
        return files.values().stream().mapToLong(File::length).sum();
    }

    public void damage(ChunkId chunk) {
        files.computeIfPresent(
                chunk, (same, file) -> new File(file.bytes(), file.evictionClass(), file.modifiedNanos(), true));
    }

    @Override
    public long fileBytes(int chunkBytes) {
        return (long) HEADER_BYTES + chunkBytes;
    }

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        File file = find(chunk);
        if (file.damaged()) {
            deleteBlocking(chunk);
            throw new MusicFsException(FailureKind.CORRUPT, "damaged");
        }
        dst.put(file.bytes().slice(offset, dst.remaining()));
    }

    @Override
    public long writeBlocking(ChunkId chunk, ByteBuffer content, EvictionClass evictionClass) {
        beforeWrite.accept(chunk);
        ByteBuffer copy = ByteBuffer.allocate(content.remaining())
                .put(content.duplicate())
                .rewind();
        File file = new File(copy, evictionClass, modifiedNanos, false);
        bytes.addAndGet(file.length());
        files.put(chunk, file);
        afterWrite.accept(chunk);
        return file.length();
    }

    @Override
    public boolean existsBlocking(ChunkId chunk) {
        return files.containsKey(chunk);
    }

    @Override
    public void setEvictionClassBlocking(ChunkId chunk, EvictionClass evictionClass) {
        find(chunk);
        files.computeIfPresent(
                chunk, (same, file) -> new File(file.bytes(), evictionClass, file.modifiedNanos(), file.damaged()));
    }

    @Override
    public boolean deleteBlocking(ChunkId chunk) {
        File file = files.remove(chunk);
        if (file != null) {
            bytes.addAndGet(-file.length());
        }
        afterDelete.accept(chunk);
        return file != null;
    }

    @Override
    public void verifyBlocking(ChunkId chunk) {
        verified.incrementAndGet();
        if (find(chunk).damaged()) {
            throw new MusicFsException(FailureKind.CORRUPT, "damaged");
        }
    }

    @Override
    public void forEachBlocking(Consumer<Found> consumer) {
        files.forEach((chunk, file) -> {
            onVisit.accept(chunk);
            consumer.accept(new Found(chunk, file.length(), file.evictionClass(), file.modifiedNanos()));
        });
    }

    @Override
    public void touchBlocking(ChunkId chunk, long wallNanos) {
        files.computeIfPresent(
                chunk, (same, file) -> new File(file.bytes(), file.evictionClass(), wallNanos, file.damaged()));
    }

    @Override
    public int sweepBlocking() {
        return 0;
    }

    @Override
    public void forceBlocking() {}

    @Override
    public void close() {}

    private File find(ChunkId chunk) {
        File file = files.get(chunk);
        if (file == null) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "no such chunk");
        }
        return file;
    }
}
