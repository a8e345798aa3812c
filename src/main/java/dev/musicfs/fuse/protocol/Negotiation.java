package dev.musicfs.fuse.protocol;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.RequestBody.InitIn;
import java.nio.ByteBuffer;

/**
 * What the kernel and we agree on at the beginning of a connection (INIT): the older of both versions, and what both can do.
 * Sources: Linux, include/uapi/linux/fuse.h and Documentation/filesystems/fuse; libfuse, lib/fuse_lowlevel.c, for the
 * replies that older kernels take.
 */
public final class Negotiation {
    /** Reads of one file may be under way at the same time. */
    public static final long FUSE_ASYNC_READ = 1;

    /** File handles for NFS work as long as node numbers do; LOOKUP of `.` and `..` may come then. */
    public static final long FUSE_EXPORT_SUPPORT = 1 << 4;

    /** READDIRPLUS may come. */
    public static final long FUSE_DO_READDIRPLUS = 1 << 13;

    /** READDIRPLUS comes when the kernel thinks it of use only. */
    public static final long FUSE_READDIRPLUS_AUTO = 1 << 14;

    /** Lookups and listings of one directory may be under way at the same time. */
    public static final long FUSE_PARALLEL_DIROPS = 1 << 18;

    /** Reading from an aborted connection says so. */
    public static final long FUSE_ABORT_ERROR = 1 << 21;

    /** The size of requests is bounded by us. */
    public static final long FUSE_MAX_PAGES = 1 << 22;

    /** Where symbolic links lead to may be kept. */
    public static final long FUSE_CACHE_SYMLINKS = 1 << 23;

    /** ENOSYS to OPENDIR means that no OPENDIR is to come any more, and that listings may be kept. */
    public static final long FUSE_NO_OPENDIR_SUPPORT = 1 << 24;

    /** Pages are dropped when we say so, not when a time or a size has changed. */
    public static final long FUSE_EXPLICIT_INVAL_DATA = 1 << 25;

    /** There are flags in the upper half. */
    public static final long FUSE_INIT_EXT = 1 << 30;

    /** Requests that were read and not answered may be sent again. */
    public static final long FUSE_HAS_RESEND = 1L << 39;

    /** The version whose values are used here. */
    public static final int MAJOR = 7;

    /** The newest whose values are known here. */
    public static final int MINOR = 45;

    /** The oldest that is served: Linux 2.6.31. */
    public static final int MIN_MINOR = 12;

    /** Pages of a request at most, which makes 128 KiB; more were not faster. */
    public static final int MAX_PAGES = 32;

    /** Bytes of a request's data at most. */
    public static final int MAX_DATA_BYTES = MAX_PAGES * 4096;

    /** Bytes that are written at once at most; nobody may write, but the name and value of an attribute may be this long. */
    public static final int MAX_WRITE_BYTES = 1 << 16;

    /** Room for any request: the kernel refuses to hand over the next to who has less. */
    public static final int REQUEST_BYTES = MAX_WRITE_BYTES + 4096;

    private static final long WANTED = FUSE_ASYNC_READ
            | FUSE_EXPORT_SUPPORT
            | FUSE_DO_READDIRPLUS
            | FUSE_READDIRPLUS_AUTO
            | FUSE_PARALLEL_DIROPS
            | FUSE_ABORT_ERROR
            | FUSE_MAX_PAGES
            | FUSE_CACHE_SYMLINKS
            | FUSE_NO_OPENDIR_SUPPORT
            | FUSE_EXPLICIT_INVAL_DATA
            | FUSE_INIT_EXT
            | FUSE_HAS_RESEND;

    private static final int UNTIL_7_22_BYTES = 24;
    private static final int REPLY_BYTES = 64;

    private final int minor;
    private final long flags;
    private final int maxReadaheadBytes;
    private final int maxBackground;

    /**
     * How the kernel is to treat the connection, as far as it can.
     *
     * @param maxReadaheadBytes how far it reads ahead of a program at most
     * @param maxBackground of reads ahead and the like that are under way at the same time; others wait in the kernel
     */
    public record Wishes(int maxReadaheadBytes, int maxBackground) {}

    private Negotiation(int minor, long flags, int maxReadaheadBytes, int maxBackground) {
        this.minor = minor;
        this.flags = flags;
        this.maxReadaheadBytes = maxReadaheadBytes;
        this.maxBackground = maxBackground;
    }

    /**
     * Agrees on what the kernel offers; {@code UNAVAILABLE} when it is too old.
     *
     * @return with {@link #isAgreed}, or else a reply that makes the kernel offer our version
     */
    public static Negotiation of(InitIn offered, Wishes wishes) {
        if (offered.major() > MAJOR) {
            return new Negotiation(-1, 0, 0, 0);
        }
        if (offered.major() < MAJOR || offered.minor() < MIN_MINOR) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "The kernel speaks version " + offered.major() + "." + offered.minor() + " of FUSE; MusicFS needs "
                            + MAJOR + "." + MIN_MINOR + ", which Linux 2.6.31 has.");
        }
        int readahead = Integer.compareUnsigned(offered.maxReadaheadBytes(), wishes.maxReadaheadBytes()) < 0
                ? offered.maxReadaheadBytes()
                : wishes.maxReadaheadBytes();
        return new Negotiation(
                Math.min(offered.minor(), MINOR), offered.flags() & WANTED, readahead, wishes.maxBackground());
    }

    /** Whether requests may come now; else another INIT does. */
    public boolean isAgreed() {
        return minor >= 0;
    }

    /** The minor version that holds for the connection. */
    public int minor() {
        return minor;
    }

    /** Whether all of these, {@code FUSE_} flags, are agreed on. */
    public boolean has(long wanted) {
        return (flags & wanted) == wanted;
    }

    /** The flags agreed on. */
    public long flags() {
        return flags;
    }

    /** How long the reply's body is: kernels take no other length than that of their version. */
    public int replyBytes() {
        return isAgreed() && minor < 23 ? UNTIL_7_22_BYTES : REPLY_BYTES;
    }

    /** Writes the reply's body ({@code struct fuse_init_out}) at the position of a buffer in the machine's byte order. */
    public void write(ByteBuffer to) {
        int end = to.position() + replyBytes();
        to.putInt(MAJOR)
                .putInt(isAgreed() ? minor : MINOR)
                .putInt(maxReadaheadBytes)
                .putInt((int) flags);
        to.putShort((short) maxBackground).putShort((short) (maxBackground * 3 / 4));
        to.putInt(MAX_WRITE_BYTES);
        if (to.position() < end) {
            // Times are in nanoseconds.
            to.putInt(1).putShort((short) MAX_PAGES).putShort((short) 0).putInt((int) (flags >>> 32));
        }
        while (to.position() < end) {
            to.putInt(0);
        }
    }
}
