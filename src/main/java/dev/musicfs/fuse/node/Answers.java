package dev.musicfs.fuse.node;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;

/** How the kernel is told of a failure: the only place where a kind becomes an error number. */
final class Answers {
    private Answers() {}

    /** The error number of a kind. */
    static Errno of(FailureKind kind) {
        return switch (kind) {
            case NOT_FOUND -> Errno.ENOENT;
            case READ_ONLY -> Errno.EROFS;
            case STALE -> Errno.ESTALE;
            // Not ENOTCONN: tools take that for a mount whose daemon has died.
            case UNAVAILABLE -> Errno.EIO;
            case TIMEOUT -> Errno.ETIMEDOUT;
            // Not EACCES: an origin has refused the daemon, while the mode still lets the caller read; a media
            // server that is told of permissions forgets the file.
            case REJECTED -> Errno.EIO;
            case CORRUPT -> Errno.EIO;
            case NO_SPACE -> Errno.ENOSPC;
            case INVALID -> Errno.EINVAL;
            case INTERNAL -> Errno.EIO;
        };
    }
}
