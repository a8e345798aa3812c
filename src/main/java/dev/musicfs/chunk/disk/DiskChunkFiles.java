package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Chunk files in a directory of a disk of this machine. The first read of a chunk since the start computes its address
 * from the file; every read checks the segments it touches. Every call passes the {@link DiskHealth} and fails at once
 * while the disk is unfit for it. Makes its directories when it first writes; the constructor touches nothing.
 */
public final class DiskChunkFiles implements ChunkFiles {
    /** Chunk files kept open. */
    static final int OPEN_FILES = 512;

    /** What is read and checked at least; measured as the best for unaligned reads of 4 and of 128 KiB. */
    static final int SEGMENT_BYTES = 1 << 14;

    private static final int SHARDS = 256;

    private final StoreLayout layout;
    private final DiskCalls disk;
    private final DiskHealth health;
    private final int segmentBytes;
    private final OpenChunks open;
    private final ChunkReader reader;
    private final ChunkWriter writer;
    private final SegmentBuffers buffers;
    private final VerifiedChunks verified = new VerifiedChunks();

    /** Something asked of the disk by a writer; {@code scratch} is of undefined content. */
    @FunctionalInterface
    private interface Call<T> {
        T make(ByteBuffer scratch) throws IOException;
    }

    public DiskChunkFiles(Path directory, DiskCalls disk, DiskHealth health, Durability durability) {
        this(directory, disk, health, durability, OPEN_FILES, SEGMENT_BYTES);
    }

    public DiskChunkFiles(
            Path directory, DiskCalls disk, DiskHealth health, Durability durability, int openFiles, int segmentBytes) {
        this.disk = disk;
        this.health = health;
        this.segmentBytes = segmentBytes;
        layout = new StoreLayout(directory);
        open = new OpenChunks(openFiles);
        buffers = new SegmentBuffers(health.places());
        reader = new ChunkReader(layout, disk, health, open, buffers);
        writer = new ChunkWriter(layout, disk, durability, open);
    }

    @Override
    public long fileBytes(int chunkBytes) {
        return (long) ChunkHeader.BYTES + chunkBytes;
    }

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        int position = dst.position();
        boolean done = false;
        try {
            reader.onOpen(chunk, true, (file, scratch) -> {
                dst.position(position);
                checkRange(file.header(), offset, dst.remaining());
                file.prove(verified, scratch);
                file.read(offset, dst, scratch);
            });
            done = true;
        } finally {
            if (!done) {
                dst.position(position);
            }
        }
    }

    @Override
    public long writeBlocking(ChunkId chunk, ByteBuffer bytes, EvictionClass evictionClass) {
        if (!bytes.hasRemaining() || bytes.remaining() > ChunkStore.MAX_CHUNK_BYTES) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "A chunk has 1 to " + ChunkStore.MAX_CHUNK_BYTES + " bytes, not " + bytes.remaining());
        }
        ChunkHeader header = ChunkHeader.of(chunk, bytes, evictionClass, segmentBytes);
        List<ChunkId> due = change("store chunk " + chunk, page -> writer.write(header, bytes, page));
        open.forget(chunk);
        verified.add(chunk);
        if (!due.isEmpty()) {
            forceBehind(due);
        }
        return header.fileBytes();
    }

    @Override
    public boolean existsBlocking(ChunkId chunk) {
        try (DiskSlot slot = health.enterToRead()) {
            try {
                boolean regular = disk.attributes(layout.file(chunk)).isRegularFile();
                slot.succeeded();
                return regular;
            } catch (IOException e) {
                DiskFailure failure = DiskFailure.ofRead(e);
                slot.failed(failure);
                if (failure.kind() == FailureKind.NOT_FOUND) {
                    return false;
                }
                throw failure.toException("look for chunk " + chunk, e);
            }
        }
    }

    @Override
    public void setEvictionClassBlocking(ChunkId chunk, EvictionClass evictionClass) {
        // Looks at the header, so that no byte is written into what is not a chunk.
        reader.onOpen(chunk, true, (file, scratch) -> {});
        boolean there = change("change chunk " + chunk, scratch -> {
            scratch.clear().put(ChunkHeader.evictionCode(evictionClass)).flip();
            try (FileChannel channel = disk.openToChange(layout.file(chunk))) {
                channel.write(scratch, ChunkHeader.EVICTION_CLASS_AT);
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        });
        if (!there) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "Cannot change chunk " + chunk + ": is not there");
        }
    }

    @Override
    public boolean deleteBlocking(ChunkId chunk) {
        Path path = layout.file(chunk);
        boolean deleted = change("delete chunk " + chunk, scratch -> {
            try {
                return disk.attributes(path).isRegularFile() && disk.delete(path);
            } catch (NoSuchFileException e) {
                return false;
            }
        });
        open.forget(chunk);
        verified.remove(chunk);
        return deleted;
    }

    @Override
    public void verifyBlocking(ChunkId chunk) {
        // The file that has the name at present, not one that is still open.
        open.forget(chunk);
        reader.onOpen(chunk, false, OpenChunk::verify);
    }

    @Override
    public void forEachBlocking(Consumer<Found> consumer) {
        for (int number = 0; number < SHARDS; number++) {
            for (ChunkId chunk : chunksIn(layout.shard(number))) {
                Found found = reader.inspect(chunk);
                if (found != null) {
                    consumer.accept(found);
                }
            }
        }
    }

    @Override
    public void touchBlocking(ChunkId chunk, long wallNanos) {
        change("note the use of chunk " + chunk, scratch -> {
            try {
                disk.setModified(layout.file(chunk), wallNanos);
            } catch (NoSuchFileException e) {
                return false;
            }
            return true;
        });
    }

    @Override
    public int sweepBlocking() {
        return change("sweep " + layout.temporary(), scratch -> {
            int swept = 0;
            try (DirectoryStream<Path> files = disk.list(layout.temporary())) {
                for (Path file : files) {
                    if (StoreLayout.isTemporary(file) && disk.attributes(file).isRegularFile() && disk.delete(file)) {
                        swept++;
                    }
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                return swept;
            } catch (DirectoryIteratorException e) {
                throw Objects.requireNonNull(e.getCause());
            }
            return swept;
        });
    }

    @Override
    public void forceBlocking() {
        force(writer.takeUnforced());
    }

    @Override
    public void close() {
        open.close();
    }

    private void force(List<ChunkId> chunks) {
        change("force chunks to the disk", scratch -> {
            writer.force(chunks);
            return true;
        });
    }

    // The chunk that was written last is there all the same. What failed is known to the health.
    private void forceBehind(List<ChunkId> chunks) {
        try {
            force(chunks);
        } catch (MusicFsException e) {
            // Should they be torn by a power cut, that is noticed when they are read.
        }
    }

    private List<ChunkId> chunksIn(Path shard) {
        List<ChunkId> chunks = new ArrayList<>();
        try (DiskSlot slot = health.enterToRead()) {
            try (DirectoryStream<Path> files = disk.list(shard)) {
                for (Path file : files) {
                    StoreLayout.chunkOf(shard, file).ifPresent(chunks::add);
                }
                slot.succeeded();
            } catch (DirectoryIteratorException e) {
                throw readFailed(slot, shard, Objects.requireNonNull(e.getCause()));
            } catch (IOException e) {
                if (DiskFailure.ofRead(e).kind() != FailureKind.NOT_FOUND) {
                    throw readFailed(slot, shard, e);
                }
            }
        }
        return chunks;
    }

    private static MusicFsException readFailed(DiskSlot slot, Path what, IOException e) {
        DiskFailure failure = DiskFailure.ofRead(e);
        slot.failed(failure);
        return failure.toException("read " + what, e);
    }

    private <T> T change(String what, Call<T> call) {
        try (DiskSlot slot = health.enterToWrite()) {
            ByteBuffer scratch = buffers.take();
            try {
                return call.make(scratch);
            } catch (IOException e) {
                DiskFailure failure = DiskFailure.ofWrite(e);
                slot.failed(failure);
                throw failure.toException(what, e);
            } finally {
                buffers.give(scratch);
            }
        }
    }

    private static void checkRange(ChunkHeader header, int offset, int length) {
        if (offset < 0 || length > header.chunkBytes() - offset) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "Chunk " + header.chunk() + " has " + header.chunkBytes() + " bytes, not " + length + " from "
                            + offset);
        }
    }
}
