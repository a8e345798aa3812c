package dev.musicfs.fuse.device;

import jnr.ffi.LibraryLoader;

/**
 * System calls on descriptors, addresses as numbers; each returns -1 and sets errno on failure. Public only because
 * jnr-ffi implements it in a class loader of its own.
 */
public interface DeviceCalls {
    /** See read(2). */
    long read(int fd, long address, long size);

    /** See write(2). */
    long write(int fd, long address, long size);

    /** See writev(2). */
    long writev(int fd, long vectors, int count);

    /** See fcntl(2). */
    int fcntl(int fd, int command, long argument);

    /** See close(2). */
    int close(int fd);

    /** Those of this process; a {@link LinkageError} where the C library cannot be loaded. */
    static DeviceCalls get() {
        return Loaded.CALLS;
    }

    /** Loads the library at the first use. */
    final class Loaded {
        private static final DeviceCalls CALLS =
                LibraryLoader.create(DeviceCalls.class).failImmediately().load("libc.so.6");

        private Loaded() {}
    }
}
