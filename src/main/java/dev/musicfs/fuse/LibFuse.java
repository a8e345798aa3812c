package dev.musicfs.fuse;

import jnr.ffi.annotations.IgnoreError;

/**
 * libfuse 2.9's public functions, pointers as addresses. Public only because jnr-ffi implements it in a class loader of
 * its own. The functions are described in libfuse's {@code fuse.h} and {@code fuse_lowlevel.h}.
 * {@code fuse_new} is in {@link FuseNew}.
 */
public interface LibFuse {
    /** The channel, or 0; takes the mount options out of {@code args}. */
    @IgnoreError
    long fuse_mount(byte[] mountpoint, long args);

    /** Destroys the filesystem, its session and its channel, and closes the device. */
    @IgnoreError
    void fuse_destroy(long fuse);

    /** Frees an argument list. */
    @IgnoreError
    void fuse_opt_free_args(long args);

    /** The session of a filesystem. */
    @IgnoreError
    long fuse_get_session(long fuse);

    /** Marks the session as ended. */
    @IgnoreError
    void fuse_session_exit(long session);

    /** Handles one request, on this thread, callbacks included. */
    @IgnoreError
    void fuse_session_process(long session, long buffer, long length, long channel);

    /** Reads one request: its length, 0 when the session has ended, or a negated errno. */
    @IgnoreError
    int fuse_chan_recv(long channelPointer, long buffer, long size);

    /** Writes one reply: 0 or a negated errno. */
    @IgnoreError
    int fuse_chan_send(long channel, long vector, long count);

    /** The smallest buffer for a request. */
    @IgnoreError
    long fuse_chan_bufsize(long channel);

    /** The device. */
    @IgnoreError
    int fuse_chan_fd(long channel);

    /** A channel with operations of the caller's. */
    @IgnoreError
    long fuse_chan_new(long operations, int fd, long bufferSize, long data);

    /** Destroys a channel. */
    @IgnoreError
    void fuse_chan_destroy(long channel);

    /** {@code struct fuse_context} of the request this thread handles. */
    @IgnoreError
    long fuse_get_context();
}
