package dev.musicfs.fuse;

import com.kenai.jffi.MemoryIO;

/**
 * A second channel for replies to OPENDIR. libfuse 2 does not know the flag that lets the kernel keep directory
 * listings (FOPEN_CACHE_DIR, Linux 4.20), so it is set here, in the reply on its way to the kernel. Memory layouts are
 * those of {@code fuse_kernel.h}.
 */
final class DirectoryCacheChannel implements AutoCloseable {
    private static final int FOPEN_KEEP_CACHE = 1 << 1;
    private static final int FOPEN_CACHE_DIR = 1 << 3;
    private static final int IOVEC_BYTES = 16;
    private static final int OPEN_OUT_BYTES = 16;
    private static final int OPEN_OUT_FLAGS = 8;
    private static final int OUT_HEADER_ERROR = 4;
    private static final int CHANNEL_OPS_BYTES = 3 * 8;
    private static final int CHANNEL_OPS_SEND = 8;

    private final LibFuse fuse;
    private final long device;
    private final long channel;

    /** @param device the channel that leads to the kernel */
    DirectoryCacheChannel(LibFuse fuse, long device, OperationTable closures) {
        this.fuse = fuse;
        this.device = device;
        try (NativeMemory ops = new NativeMemory(CHANNEL_OPS_BYTES)) {
            long send = closures.pointer(Upcall.Three.class, (ignored, vector, count) -> send(vector, count));
            NativeMemory.IO.putAddress(ops.address() + CHANNEL_OPS_SEND, send);
            // fuse_chan_new copies the operations.
            this.channel =
                    fuse.fuse_chan_new(ops.address(), fuse.fuse_chan_fd(device), fuse.fuse_chan_bufsize(device), 0);
        }
    }

    long channel() {
        return channel;
    }

    private int send(long vector, long count) {
        MemoryIO io = NativeMemory.IO;
        if (vector != 0 && count == 2 && io.getInt(io.getAddress(vector) + OUT_HEADER_ERROR) == 0) {
            long second = vector + IOVEC_BYTES;
            if (io.getLong(second + 8) == OPEN_OUT_BYTES) {
                long flags = io.getAddress(second) + OPEN_OUT_FLAGS;
                io.putInt(flags, io.getInt(flags) | FOPEN_KEEP_CACHE | FOPEN_CACHE_DIR);
            }
        }
        return fuse.fuse_chan_send(device, vector, count);
    }

    @Override
    public void close() {
        fuse.fuse_chan_destroy(channel);
    }
}
