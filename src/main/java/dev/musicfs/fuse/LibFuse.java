package dev.musicfs.fuse;

import jnr.ffi.annotations.IgnoreError;

/**
 * What of libfuse 2.9 is used: it finds out how to mount, as root or through {@code fusermount}, and does so. Pointers are
 * addresses. Public only because jnr-ffi implements it in a class loader of
 * its own. The functions are described in libfuse's {@code fuse_common.h}, {@code fuse_opt.h} and {@code fuse_lowlevel.h}.
 */
public interface LibFuse {
    /** The channel, or 0; takes the mount options out of {@code args}. */
    @IgnoreError
    long fuse_mount(byte[] mountpoint, long args);

    /** Frees an argument list. */
    @IgnoreError
    void fuse_opt_free_args(long args);

    /** The device. */
    @IgnoreError
    int fuse_chan_fd(long channel);

    /** Destroys a channel and closes its device. */
    @IgnoreError
    void fuse_chan_destroy(long channel);
}
