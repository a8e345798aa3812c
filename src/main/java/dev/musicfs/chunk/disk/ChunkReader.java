package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens chunk files, keeps them open, and works on them under the eyes of the health. Safe for many threads. */
final class ChunkReader {
    /** Something done with an open chunk; {@code scratch} is of undefined content. */
    @FunctionalInterface
    interface Work {
        void on(OpenChunk file, ByteBuffer scratch) throws IOException, DamagedChunkException;
    }

    // A file may be replaced, or its channel closed by the interrupt of another reader, while it is read.
    private static final int ATTEMPTS = 3;
    private static final long MOST_FILE_BYTES = ChunkHeader.BYTES + (long) ChunkStore.MAX_CHUNK_BYTES;

    private final StoreLayout layout;
    private final DiskCalls disk;
    private final DiskHealth health;
    private final OpenChunks open;
    private final SegmentBuffers buffers;

    ChunkReader(StoreLayout layout, DiskCalls disk, DiskHealth health, OpenChunks open, SegmentBuffers buffers) {
        this.layout = layout;
        this.disk = disk;
        this.health = health;
        this.open = open;
        this.buffers = buffers;
    }

    /** Works on a chunk; once more from the beginning when its file changed meanwhile. Deletes a damaged one if told so. */
    void onOpen(ChunkId chunk, boolean deleteDamaged, Work work) {
        try (DiskSlot slot = health.enterToRead()) {
            ByteBuffer scratch = buffers.take();
            try {
                attempt(chunk, work, scratch);
                slot.succeeded();
            } catch (IOException e) {
                DiskFailure failure = DiskFailure.ofRead(e);
                slot.failed(failure);
                throw failure.toException("read chunk " + chunk, e);
            } catch (DamagedChunkException e) {
                if (deleteDamaged) {
                    deleteDamaged(chunk);
                }
                throw new MusicFsException(FailureKind.CORRUPT, "Chunk " + chunk + " " + e.getMessage(), e);
            } finally {
                buffers.give(scratch);
            }
        }
    }

    /**
     * What the header of a file says, or what there is of a damaged one; null when it is not there, cannot be read, or is
     * too large to be a chunk, in which case it is deleted now.
     */
    ChunkFiles.@Nullable Found inspect(ChunkId chunk) {
        Path path = layout.file(chunk);
        try (DiskSlot slot = health.enterToRead()) {
            ByteBuffer scratch = buffers.take();
            try {
                BasicFileAttributes attributes = disk.attributes(path);
                long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
                try {
                    OpenChunk file = openFile(chunk, scratch);
                    file.close();
                    slot.succeeded();
                    return new ChunkFiles.Found(
                            chunk, file.header().fileBytes(), file.header().evictionClass(), modified);
                } catch (DamagedChunkException e) {
                    if (attributes.size() <= MOST_FILE_BYTES) {
                        return new ChunkFiles.Found(chunk, attributes.size(), EvictionClass.AUDIO, modified);
                    }
                    deleteDamaged(chunk);
                }
            } catch (IOException e) {
                slot.failed(DiskFailure.ofRead(e));
            } finally {
                buffers.give(scratch);
            }
        }
        return null;
    }

    private void attempt(ChunkId chunk, Work work, ByteBuffer scratch) throws IOException, DamagedChunkException {
        for (int left = ATTEMPTS; ; left--) {
            // The last one is not shared: an interrupted reader closes what it reads from, under all others.
            boolean own = left == 1;
            OpenChunk file = own ? openFile(chunk, scratch) : open.acquire(chunk, wanted -> openFile(wanted, scratch));
            try {
                work.on(file, scratch);
                return;
            } catch (ClosedChannelException e) {
                open.forget(chunk);
                if (left == 1 || e instanceof ClosedByInterruptException) {
                    throw e;
                }
            } catch (DamagedChunkException e) {
                if (left == 1 || !file.retired) {
                    throw e;
                }
            } finally {
                if (own) {
                    file.close();
                } else {
                    open.release(file);
                }
            }
        }
    }

    private OpenChunk openFile(ChunkId chunk, ByteBuffer scratch) throws IOException, DamagedChunkException {
        Path path = layout.file(chunk);
        if (!disk.attributes(path).isRegularFile()) {
            throw new NoSuchFileException(path.toString(), null, "not a regular file");
        }
        FileChannel channel = disk.openToRead(path);
        boolean taken = false;
        try {
            OpenChunk opened = OpenChunk.of(channel, chunk, scratch);
            taken = true;
            return opened;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private void deleteDamaged(ChunkId chunk) {
        try {
            disk.delete(layout.file(chunk));
        } catch (IOException e) {
            health.writeFailed(DiskFailure.ofWrite(e));
        }
        open.forget(chunk);
    }
}
