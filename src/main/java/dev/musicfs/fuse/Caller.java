package dev.musicfs.fuse;

/** Who makes the request that this thread handles; read from {@code struct fuse_context}. */
final class Caller {
    private static final long UID = 8;
    private static final long GID = 12;
    private static final long THREAD_ID = 16;

    private final LibFuse fuse;

    Caller(LibFuse fuse) {
        this.fuse = fuse;
    }

    int uid() {
        return NativeMemory.IO.getInt(fuse.fuse_get_context() + UID);
    }

    int gid() {
        return NativeMemory.IO.getInt(fuse.fuse_get_context() + GID);
    }

    /** The id of the calling thread, not of its process; 0 for a caller outside our process namespace. */
    int threadId() {
        return NativeMemory.IO.getInt(fuse.fuse_get_context() + THREAD_ID);
    }
}
