package dev.musicfs.fuse.device;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.fuse.protocol.Negotiation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** What one thread of the loop has for itself: the memory that requests come in, and the one it is at work on. */
final class RequestThread {
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(Negotiation.REQUEST_BYTES).order(ByteOrder.nativeOrder());
    private final long address = MemoryIO.getInstance().getDirectBufferAddress(buffer);
    private volatile @Nullable FuseReply current;

    ByteBuffer buffer() {
        return buffer;
    }

    long address() {
        return address;
    }

    /** The reply to what this thread is at work on; null between requests. */
    @Nullable
    FuseReply current() {
        return current;
    }

    void current(@Nullable FuseReply reply) {
        current = reply;
    }
}
