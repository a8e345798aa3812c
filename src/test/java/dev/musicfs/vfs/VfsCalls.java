package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Calls of a file system whose answers a test waits for. */
public final class VfsCalls {
    private final VirtualFileSystem vfs;

    public VfsCalls(VirtualFileSystem vfs) {
        this.vfs = vfs;
    }

    public VirtualFileSystem.Opened open(NodeId node) {
        return get(vfs.open(node, vfs.deadline()));
    }

    /** The bytes read, fewer than asked for at the end of the file. */
    public byte[] read(long handle, long offset, int size) {
        return get(reading(handle, offset, size));
    }

    /** The bytes, once they are there. */
    public Future<byte[]> reading(long handle, long offset, int size) {
        Room room = new Room(size);
        return vfs.read(handle, offset, size, room, vfs.deadline(), true)
                .map(count -> Arrays.copyOf(room.bytes.array(), count));
    }

    public static <T> T get(Future<T> future) {
        CompletableFuture<T> waiting = future.toCompletionStage().toCompletableFuture();
        try {
            return waiting.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw MusicFsException.wrap("failed", e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer came", e);
        }
    }

    /** Room for the bytes of one read, of which it is checked that it is given back before it is taken again. */
    private static final class Room implements ReadTarget {
        private final ByteBuffer bytes;
        private boolean taken;

        Room(int size) {
            bytes = ByteBuffer.allocate(size);
        }

        @Override
        public synchronized ByteBuffer take() {
            assertThat(taken).isFalse();
            taken = true;
            return bytes.clear();
        }

        @Override
        public synchronized void giveBack() {
            taken = false;
        }
    }
}
