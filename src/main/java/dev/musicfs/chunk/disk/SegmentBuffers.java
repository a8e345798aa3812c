package dev.musicfs.chunk.disk;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers of 64 KiB, made when first needed and kept. As many as there are callers admitted by {@link DiskHealth},
 * each of whom takes one at a time; none per thread, since there may be hundreds of threads.
 */
final class SegmentBuffers {
    static final int BYTES = 1 << 16;

    private final int max;
    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private int made;

    SegmentBuffers(int max) {
        this.max = max;
    }

    /** A buffer of undefined content; to be given back. The one last used comes first: it is still in the CPU's cache. */
    synchronized ByteBuffer take() {
        ByteBuffer buffer = idle.pollLast();
        if (buffer != null) {
            return buffer;
        }
        if (made == max) {
            throw new IllegalStateException("more callers than were admitted");
        }
        made++;
        return ByteBuffer.allocateDirect(BYTES);
    }

    synchronized void give(ByteBuffer buffer) {
        idle.addLast(buffer.clear());
    }
}
