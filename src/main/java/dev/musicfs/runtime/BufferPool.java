package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap for the bytes of files. It is kept for the next buffer while there are any, and given back to the
 * machine in parts of 4 MiB when none of a part is used. Never more than a bound is lent at a time. For any thread.
 */
public final class BufferPool {
    private static final int ARENAS = 2;
    private static final int PAGE_BYTES = 8 << 10;
    /** A part is a page this many times doubled. */
    private static final int PART_ORDER = 9;

    private final PooledByteBufAllocator memory =
            new PooledByteBufAllocator(true, 0, ARENAS, PAGE_BYTES, PART_ORDER, 0, 0, false);
    private final AtomicLong lentBytes = new AtomicLong();
    private final long mostBytes;

    /** @param mostBytes lent at a time, of all buffers together */
    public BufferPool(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A buffer of so many bytes of undefined content, with one reference, which is the caller's. Fails with {@code UNAVAILABLE} beyond the bound. */
    public PooledBuffer take(int bytes) {
        if (lentBytes.addAndGet(bytes) > mostBytes) {
            lentBytes.addAndGet(-bytes);
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE, "Reads hold " + mostBytes + " bytes of memory already, the most allowed.");
        }
        boolean taken = false;
        try {
            PooledBuffer buffer = new PooledBuffer(memory.directBuffer(bytes, bytes), bytes, lentBytes);
            taken = true;
            return buffer;
        } catch (OutOfMemoryError e) { // of direct memory, which says nothing of the heap
            throw new MusicFsException(FailureKind.UNAVAILABLE, "There is no memory for " + bytes + " bytes.", e);
        } finally {
            if (!taken) {
                lentBytes.addAndGet(-bytes);
            }
        }
    }

    /** A buffer with these bytes; see {@link #take}. */
    public PooledBuffer copyOf(Buffer bytes) {
        PooledBuffer copy = take(bytes.length());
        int unused = copy.put(bytes);
        return copy;
    }

    /** The bytes of all buffers that were taken and have not been given back. */
    public long lentBytes() {
        return lentBytes.get();
    }
}
