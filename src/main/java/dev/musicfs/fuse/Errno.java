package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;

/** Error numbers of Linux, and the only place where a failure becomes one. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ERANGE = 34;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;
    static final int ECONNABORTED = 103;
    static final int ENOTCONN = 107;
    static final int ETIMEDOUT = 110;
    static final int ESTALE = 116;

    private Errno() {}

    /** The positive error number of a kind. */
    static int of(FailureKind kind) {
        return switch (kind) {
            case NOT_FOUND -> ENOENT;
            case READ_ONLY -> EROFS;
            case STALE -> ESTALE;
            // Not ENOTCONN: tools take that for a mount whose daemon has died.
            case UNAVAILABLE -> EIO;
            case TIMEOUT -> ETIMEDOUT;
            // Not EACCES: an origin has refused the daemon, while the mode still lets the caller read; a media
            // server that is told of permissions forgets the file.
            case REJECTED -> EIO;
            case CORRUPT -> EIO;
            case NO_SPACE -> ENOSPC;
            case INVALID -> EINVAL;
            case INTERNAL -> EIO;
        };
    }
}
