package dev.musicfs.runtime;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes outside the heap, with a count of those who hold them: each {@link #retain} wants one {@link #release}, and with the
 * last of them the memory goes back to its {@link BufferPool}. Whoever hands one over says whose the reference is then. It is
 * written by one thread before others see it, and not changed after; counting is for any thread.
 */
public final class PooledBuffer {
    private final ByteBuf memory;
    private final int length;
    private final AtomicLong lentBytes;

    /** @param lentBytes what its pool has lent, from which it is taken at the end */
    PooledBuffer(ByteBuf memory, int length, AtomicLong lentBytes) {
        this.memory = memory;
        this.length = length;
        this.lentBytes = lentBytes;
    }

    /** How many bytes it has. */
    public int length() {
        return length;
    }

    /** Some of its bytes, between position and limit of a buffer of the caller's own, for as long as a reference is held. */
    public ByteBuffer bytes(int offset, int count) {
        return memory.nioBuffer(offset, count);
    }

    /** All of its bytes. */
    public ByteBuffer bytes() {
        return bytes(0, length);
    }

    /** Fills it from its beginning, as far as it goes; how many bytes there were to put. */
    public int put(Buffer bytes) {
        int fitting = Math.min(length, bytes.length());
        bytes(0, fitting).put(bytes.getBytes(0, fitting));
        return bytes.length();
    }

    /** A copy in the heap, for what is small or kept for long. */
    public byte[] copy(int offset, int count) {
        byte[] copy = new byte[count];
        bytes(offset, count).get(copy);
        return copy;
    }

    /** One more reference, which is the caller's. */
    public PooledBuffer retain() {
        memory.retain();
        return this;
    }

    /** Gives a reference back. */
    public void release() {
        if (memory.release()) {
            lentBytes.addAndGet(-length);
        }
    }
}
