package dev.musicfs.fuse.protocol;

/**
 * The fixed parts of requests, called and made up as in the kernel's header file (Linux, include/uapi/linux/fuse.h) but
 * for what nobody here asks for. Numbers the kernel has as unsigned are as it sent them; {@link FuseRequest} refuses those
 * that do not fit.
 */
public final class RequestBody {
    private RequestBody() {}

    /**
     * READ, READDIR and READDIRPLUS.
     *
     * @param fh the handle that the opening was answered with; 0 when the kernel opened without asking
     * @param offset where to begin, never negative; for a directory, the cookie of the last entry it has, 0 at the start,
     *     any number at all
     * @param sizeBytes how much is wanted at most, never negative
     * @param flags those of open(2)
     */
    public record ReadIn(long fh, long offset, int sizeBytes, int flags) {}

    /** OPEN and OPENDIR, with the flags of open(2). */
    public record OpenIn(int flags) {
        private static final int ACCESS_MODE = 3;
        private static final int O_TRUNC = 01000;

        /** Whether more than reading is asked for, truncation included. */
        public boolean wantsToWrite() {
            return (flags & ACCESS_MODE) != 0 || (flags & O_TRUNC) != 0;
        }
    }

    /** RELEASE, RELEASEDIR, FLUSH, FSYNC and FSYNCDIR: the handle is all there is to know. */
    public record HandleIn(long fh) {}

    /**
     * GETATTR.
     *
     * @param hasFh whether it is asked of an open file, as by fstat(2)
     * @param fh its handle
     */
    public record GetattrIn(boolean hasFh, long fh) {}

    /**
     * SETATTR.
     *
     * @param valid which of the attributes are to change, {@code FATTR_} flags
     * @param mtimeNanos since the epoch
     */
    public record SetattrIn(
            int valid, long fh, long sizeBytes, long atimeNanos, long mtimeNanos, int mode, int uid, int gid) {
        public static final int FATTR_MODE = 1;
        public static final int FATTR_UID = 1 << 1;
        public static final int FATTR_GID = 1 << 2;
        public static final int FATTR_SIZE = 1 << 3;
        public static final int FATTR_ATIME = 1 << 4;
        public static final int FATTR_MTIME = 1 << 5;
        public static final int FATTR_FH = 1 << 6;

        /** Whether all of these are to change. */
        public boolean has(int flags) {
            return (valid & flags) == flags;
        }
    }

    /** MKNOD: mode and device as of mknod(2). */
    public record MknodIn(int mode, int rdev) {}

    /** MKDIR. */
    public record MkdirIn(int mode) {}

    /**
     * RENAME and RENAME2; the names are the request's first and second.
     *
     * @param newdir node of the directory that it goes to
     * @param flags of renameat2(2); 0 for RENAME
     */
    public record RenameIn(long newdir, int flags) {}

    /** LINK: the node that is to have another name. */
    public record LinkIn(long oldnodeid) {}

    /** FORGET, and each part of BATCH_FORGET: so many lookups of this node are forgotten. */
    public record ForgetIn(long nodeid, long nlookup) {}

    /** GETXATTR and LISTXATTR: the room there is for the value; 0 asks for its length. */
    public record GetxattrIn(int sizeBytes) {}

    /** ACCESS: the mask of access(2). */
    public record AccessIn(int mask) {}

    /** INTERRUPT: which request. */
    public record InterruptIn(long unique) {}

    /** LSEEK, which the kernel asks for SEEK_DATA (3) and SEEK_HOLE (4) only. */
    public record LseekIn(long fh, long offset, int whence) {}

    /** IOCTL. */
    public record IoctlIn(long fh, int flags, int cmd) {
        private static final int FUSE_IOCTL_DIR = 1 << 4;

        /** Whether it is asked of a directory. */
        public boolean ofDirectory() {
            return (flags & FUSE_IOCTL_DIR) != 0;
        }
    }

    /** STATX: as {@link GetattrIn}, and which fields are wanted. */
    public record StatxIn(boolean hasFh, long fh, int mask) {}

    /**
     * INIT.
     *
     * @param flags all 64 of them, the second 32 in the upper half
     */
    public record InitIn(int major, int minor, int maxReadaheadBytes, long flags) {}
}
