package dev.musicfs.fuse.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Room for one reply's content, with room for the header directly before it, so that one write sends both. It goes back
 * where it came from in {@link #close}, or when it is handed to {@link FuseReply#data(ReplyBuffer)}; then nobody may touch
 * its content any more. For one thread at a time.
 */
public final class ReplyBuffer implements AutoCloseable {
    /** {@code struct fuse_out_header}: length, error, unique. */
    public static final int HEADER_BYTES = 16;

    private final ByteBuffer whole;
    private final long address;
    private final Runnable giveBack;
    private final ByteBuffer content;
    private final AtomicBoolean returned = new AtomicBoolean();

    /**
     * @param whole direct, in the machine's byte order
     * @param giveBack done once, at the end
     */
    ReplyBuffer(ByteBuffer whole, long address, int contentBytes, Runnable giveBack) {
        this.whole = whole;
        this.address = address;
        this.giveBack = giveBack;
        this.content = whole.slice(HEADER_BYTES, contentBytes).order(ByteOrder.nativeOrder());
    }

    /**
     * The content, direct and in the machine's byte order: written from 0 on, and sent as far as its position. Its capacity
     * is what was asked for. What it holds at first is left over from other replies.
     */
    public ByteBuffer content() {
        return content;
    }

    /** Header and content, written at absolute places. */
    ByteBuffer whole() {
        return whole;
    }

    long address() {
        return address;
    }

    /** Gives it back; idempotent. */
    @Override
    public void close() {
        if (returned.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
