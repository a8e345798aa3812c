package dev.musicfs.fuse;

/** A channel whose replies go to Java instead of the kernel. Valid as long as the closures it was made with. */
final class ReplyChannel implements AutoCloseable {
    private static final int OPS_BYTES = 3 * 8;
    private static final int OPS_SEND = 8;

    /** Takes a reply. */
    interface Receiver {
        /** The {@code iovec}s of one reply, valid during the call; 0 or a negated error number. */
        int send(long vector, long count);
    }

    private final LibFuse fuse;
    private final long address;

    /** @param device the channel that leads to the kernel */
    ReplyChannel(LibFuse fuse, long device, OperationTable closures, Receiver receiver) {
        this.fuse = fuse;
        try (NativeMemory ops = new NativeMemory(OPS_BYTES)) {
            // libfuse sends an empty reply to say that a request needs none.
            long send = closures.pointer(
                    Upcall.Three.class, (ignored, vector, count) -> vector == 0 ? 0 : receiver.send(vector, count));
            NativeMemory.IO.putAddress(ops.address() + OPS_SEND, send);
            // fuse_chan_new copies the operations.
            this.address =
                    fuse.fuse_chan_new(ops.address(), fuse.fuse_chan_fd(device), fuse.fuse_chan_bufsize(device), 0);
        }
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        fuse.fuse_chan_destroy(address);
    }
}
