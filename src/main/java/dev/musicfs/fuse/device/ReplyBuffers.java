package dev.musicfs.fuse.device;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.fuse.protocol.Negotiation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The memory of replies, outside the heap. Some of each size is kept for the next reply, the latest used first, since the
 * processor's cache has that; what a crowd needs beyond is left to the collector of garbage, so that who still holds on to
 * a buffer that was given back meets wrong bytes at worst. For any thread.
 */
public final class ReplyBuffers {
    /** Largest content of a reply. */
    public static final int MAX_CONTENT_BYTES = Negotiation.MAX_DATA_BYTES;

    /** Of 512 bytes, 8 KiB and a whole request of 128 KiB, 8.5 MiB together at most. */
    private final SizeClass[] classes = {
        new SizeClass(512, 64), new SizeClass(8192, 64), new SizeClass(ReplyBuffer.HEADER_BYTES + MAX_CONTENT_BYTES, 64)
    };

    private final AtomicInteger lent = new AtomicInteger();

    /** Memory that has an address. */
    private record Memory(SizeClass home, ByteBuffer bytes, long address) {}

    private static final class SizeClass {
        private final int sizeBytes;
        private final int kept;
        private final ArrayDeque<Memory> free = new ArrayDeque<>();

        SizeClass(int sizeBytes, int kept) {
            this.sizeBytes = sizeBytes;
            this.kept = kept;
        }

        Memory take() {
            Memory old = poll();
            if (old != null) {
                return old;
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
            return new Memory(this, bytes, MemoryIO.getInstance().getDirectBufferAddress(bytes));
        }

        private synchronized @Nullable Memory poll() {
            return free.pollFirst();
        }

        synchronized void giveBack(Memory memory) {
            if (free.size() < kept) {
                free.addFirst(memory);
            }
        }
    }

    /**
     * A buffer for so many bytes of content, to be taken when the content is there and not before.
     *
     * @param contentBytes at most {@link #MAX_CONTENT_BYTES}
     * @throws IllegalArgumentException when it is more
     */
    public ReplyBuffer take(int contentBytes) {
        for (SizeClass each : classes) {
            if (contentBytes >= 0 && contentBytes <= each.sizeBytes - ReplyBuffer.HEADER_BYTES) {
                Memory memory = each.take();
                lent.incrementAndGet();
                return new ReplyBuffer(memory.bytes(), memory.address(), contentBytes, () -> giveBack(memory));
            }
        }
        throw new IllegalArgumentException("a reply of " + contentBytes + " bytes");
    }

    /** Buffers that were taken and have not come back. */
    public int lent() {
        return lent.get();
    }

    private void giveBack(Memory memory) {
        lent.decrementAndGet();
        memory.home().giveBack(memory);
    }
}
