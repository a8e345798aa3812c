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
    private static final int OPEN_OUT_BYTES = 16;
    private static final int OPEN_OUT_FLAGS = 8;

    private final LibFuse fuse;
    private final long device;
    private final ReplyChannel channel;

    /** @param device the channel that leads to the kernel */
    DirectoryCacheChannel(LibFuse fuse, long device, OperationTable closures) {
        this.fuse = fuse;
        this.device = device;
        this.channel = new ReplyChannel(fuse, device, closures, this::send);
    }

    long channel() {
        return channel.address();
    }

    private int send(long vector, long count) {
        MemoryIO io = NativeMemory.IO;
        if (count == 2 && io.getInt(io.getAddress(vector) + KernelRequest.OUT_HEADER_ERROR) == 0) {
            long second = vector + KernelRequest.IOVEC_BYTES;
            if (io.getLong(second + 8) == OPEN_OUT_BYTES) {
                long flags = io.getAddress(second) + OPEN_OUT_FLAGS;
                io.putInt(flags, io.getInt(flags) | FOPEN_KEEP_CACHE | FOPEN_CACHE_DIR);
            }
        }
        return fuse.fuse_chan_send(device, vector, count);
    }

    @Override
    public void close() {
        channel.close();
    }
}
