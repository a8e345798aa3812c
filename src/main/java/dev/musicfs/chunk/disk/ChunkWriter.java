package dev.musicfs.chunk.disk;

import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Publishes chunk files: a temporary file is written and renamed, so that whatever has a chunk's name was written to its
 * end. Safe for many threads, those that write the same chunk included.
 */
final class ChunkWriter {
    private final StoreLayout layout;
    private final DiskCalls disk;
    private final Durability durability;
    private final OpenChunks open;
    private final UnforcedChunks unforced = new UnforcedChunks();

    ChunkWriter(StoreLayout layout, DiskCalls disk, Durability durability, OpenChunks open) {
        this.layout = layout;
        this.disk = disk;
        this.durability = durability;
        this.open = open;
    }

    /** Writes a file and publishes it; gives the chunks that it is time to force. */
    List<ChunkId> write(ChunkHeader header, ByteBuffer bytes, ByteBuffer page) throws IOException {
        header.writeTo(page);
        Failpoints.hit(Failpoint.CAS_PUT_BEFORE_WRITE);
        Path temporary = layout.nextTemporary(header.chunk().hex());
        boolean published = false;
        try {
            try (FileChannel channel = create(temporary)) {
                writeAll(channel, page, bytes.duplicate());
                if (durability == Durability.STRICT) {
                    channel.force(false);
                }
            }
            Failpoints.hit(Failpoint.CAS_RENAME);
            publish(header.chunk(), temporary);
            published = true;
        } finally {
            if (!published) {
                deleteQuietly(temporary);
            }
        }
        return durability == Durability.STRICT ? List.of() : unforced.add(header.chunk(), durability);
    }

    /** What was written and not forced. */
    List<ChunkId> takeUnforced() {
        return unforced.takeAll();
    }

    /** Forces chunks and their directories; those that have been deleted since are left out. */
    void force(List<ChunkId> chunks) throws IOException {
        Set<Path> directories = new HashSet<>();
        for (ChunkId chunk : chunks) {
            Path file = layout.file(chunk);
            if (forceIfThere(file)) {
                directories.add(layout.shardOf(chunk));
            }
        }
        for (Path directory : directories) {
            forceIfThere(directory);
        }
        if (!chunks.isEmpty()) {
            forceIfThere(layout.chunks());
        }
    }

    private FileChannel create(Path temporary) throws IOException {
        try {
            return disk.create(temporary);
        } catch (NoSuchFileException e) {
            disk.makeDirectory(layout.temporary(), StoreLayout.TEMPORARY_LEVELS);
        } catch (FileAlreadyExistsException e) {
            // Left by an earlier process: nobody in this one has been given the name.
            disk.delete(temporary);
        } catch (IOException e) {
            if (DiskFailure.isNoDirectory(e)) {
                disk.makeDirectory(layout.temporary(), StoreLayout.TEMPORARY_LEVELS);
            } else if (!DiskFailure.isOutOfDescriptors(e) || !open.relieve()) {
                throw e;
            }
        }
        return disk.create(temporary);
    }

    private void publish(ChunkId chunk, Path temporary) throws IOException {
        Path file = layout.file(chunk);
        boolean newShard = false;
        try {
            disk.rename(temporary, file);
        } catch (IOException e) {
            if (!(e instanceof NoSuchFileException) && !DiskFailure.isInTheWay(e)) {
                throw e;
            }
            newShard = true;
            disk.makeDirectory(layout.shardOf(chunk), StoreLayout.SHARD_LEVELS);
            Quarantine.clearForFileBlocking(file);
            disk.rename(temporary, file);
        }
        if (durability == Durability.STRICT) {
            try {
                disk.force(layout.shardOf(chunk));
                if (newShard) {
                    disk.force(layout.chunks());
                }
            } catch (IOException e) {
                deleteQuietly(file);
                throw e;
            }
        }
    }

    private boolean forceIfThere(Path path) throws IOException {
        try {
            disk.force(path);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void deleteQuietly(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            // The failure that led here is the one that matters; the next start sweeps.
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer page, ByteBuffer bytes) throws IOException {
        ByteBuffer[] all = {page, bytes};
        while (bytes.hasRemaining()) {
            channel.write(all);
        }
    }
}
