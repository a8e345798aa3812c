package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;

/** Tries a disk by writing, forcing, publishing, reading back and deleting a small file; failing that, by reading a chunk's header. */
public final class DiskProbe implements DiskHealth.Probe {
    private final StoreLayout layout;
    private final DiskCalls disk;

    public DiskProbe(StoreLayout layout, DiskCalls disk) {
        this.layout = layout;
        this.disk = disk;
    }

    @Override
    public DiskHealth.Result runBlocking() {
        try {
            tryWriting();
            return new DiskHealth.Result(StoreState.NORMAL, FailureKind.UNAVAILABLE, "it works again");
        } catch (IOException e) {
            DiskFailure failure = DiskFailure.ofWrite(e);
            if (failure.kind() == FailureKind.NO_SPACE) {
                return new DiskHealth.Result(StoreState.NORMAL, failure.kind(), "it works again, and is full");
            }
            String reason = "writing fails: " + failure.reason();
            return new DiskHealth.Result(
                    canBeRead() ? StoreState.UNWRITABLE : StoreState.UNUSABLE, failure.kind(), reason);
        }
    }

    private void tryWriting() throws IOException {
        disk.makeDirectory(layout.temporary(), StoreLayout.TEMPORARY_LEVELS);
        disk.makeDirectory(layout.chunks(), StoreLayout.TEMPORARY_LEVELS);
        Path file = layout.nextTemporary("trial");
        Path published = layout.chunks().resolve(file.getFileName());
        byte[] content = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        try {
            try (FileChannel channel = disk.create(file)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
            }
            disk.rename(file, published);
            ByteBuffer back = ByteBuffer.allocate(content.length);
            try (FileChannel channel = disk.openToRead(published)) {
                channel.read(back, 0);
            }
            if (!back.flip().equals(ByteBuffer.wrap(content))) {
                throw new IOException("what was written does not come back");
            }
        } finally {
            disk.delete(file);
            disk.delete(published);
        }
    }

    // Nothing to be read is as good as something that can be.
    private boolean canBeRead() {
        try (DirectoryStream<Path> shards = disk.list(layout.chunks())) {
            for (Path shard : shards) {
                if (canReadOneOf(shard)) {
                    return true;
                }
            }
            return true;
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    private boolean canReadOneOf(Path shard) throws IOException {
        try (DirectoryStream<Path> files = disk.list(shard)) {
            Iterator<Path> any = files.iterator();
            if (!any.hasNext()) {
                return false;
            }
            Path file = any.next();
            if (disk.attributes(file).isRegularFile()) {
                try (FileChannel channel = disk.openToRead(file)) {
                    channel.read(ByteBuffer.allocate(ChunkHeader.BYTES), 0);
                    return true;
                }
            }
            return false;
        }
    }
}
