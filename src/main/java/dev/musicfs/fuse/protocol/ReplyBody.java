package dev.musicfs.fuse.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The fixed parts of replies (Linux, include/uapi/linux/fuse.h), each of which writes itself at a buffer's position. The
 * buffer's byte order is the machine's.
 */
public final class ReplyBody {
    private static final long NANOS = 1_000_000_000L;

    private ReplyBody() {}

    /** One. */
    public sealed interface Body {
        /** How long it is. */
        int sizeBytes();

        /** Writes it; the position goes on by {@link #sizeBytes}. */
        void write(ByteBuffer to);
    }

    /**
     * What stat(2) says; one time stands for all three.
     *
     * @param blocks of 512 bytes
     * @param mtimeNanos since the epoch
     * @param mode type and permissions, as in {@code st_mode}
     */
    public record Attr(
            long ino,
            long sizeBytes,
            long blocks,
            long mtimeNanos,
            int mode,
            int nlink,
            int uid,
            int gid,
            int blksize) {
        static final int SIZE_BYTES = 88;

        void write(ByteBuffer to) {
            long seconds = Math.floorDiv(mtimeNanos, NANOS);
            int nanos = (int) Math.floorMod(mtimeNanos, NANOS);
            to.putLong(ino).putLong(sizeBytes).putLong(blocks);
            to.putLong(seconds).putLong(seconds).putLong(seconds);
            to.putInt(nanos).putInt(nanos).putInt(nanos);
            to.putInt(mode).putInt(nlink).putInt(uid).putInt(gid);
            to.putInt(0).putInt(blksize).putInt(0);
        }
    }

    /**
     * An entry of a directory, which counts as one lookup of its node from then on: LOOKUP, MKNOD, MKDIR, SYMLINK, LINK.
     *
     * @param nodeid 0 when there is no such entry and the kernel may remember that for {@code entryValid}
     * @param generation another one each time a node's number is used for something else
     * @param entryValid how long the kernel may keep the name
     * @param attrValid how long it may keep the attributes
     */
    public record EntryOut(long nodeid, long generation, Duration entryValid, Duration attrValid, Attr attr)
            implements Body {
        static final int SIZE_BYTES = 40 + Attr.SIZE_BYTES;
        private static final Attr NOTHING = new Attr(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** That there is no such entry, which the kernel may remember for so long. */
        public static EntryOut absent(Duration valid) {
            return new EntryOut(0, 0, valid, Duration.ZERO, NOTHING);
        }

        @Override
        public int sizeBytes() {
            return SIZE_BYTES;
        }

        @Override
        public void write(ByteBuffer to) {
            to.putLong(nodeid).putLong(generation);
            to.putLong(entryValid.getSeconds()).putLong(attrValid.getSeconds());
            to.putInt(entryValid.getNano()).putInt(attrValid.getNano());
            attr.write(to);
        }
    }

    /** Attributes, which the kernel may keep for so long: GETATTR, SETATTR. */
    public record AttrOut(Duration attrValid, Attr attr) implements Body {
        @Override
        public int sizeBytes() {
            return 16 + Attr.SIZE_BYTES;
        }

        @Override
        public void write(ByteBuffer to) {
            to.putLong(attrValid.getSeconds()).putInt(attrValid.getNano()).putInt(0);
            attr.write(to);
        }
    }

    /**
     * OPEN, OPENDIR.
     *
     * @param openFlags {@code FOPEN_} flags; kernels ignore those they do not know
     */
    public record OpenOut(long fh, int openFlags) implements Body {
        /** Read past the kernel's pages. */
        public static final int FOPEN_DIRECT_IO = 1;
        /** Pages of an earlier opening are still right. */
        public static final int FOPEN_KEEP_CACHE = 1 << 1;
        /** The listing may be kept (Linux 4.20). */
        public static final int FOPEN_CACHE_DIR = 1 << 3;
        /** Closing sends no FLUSH (Linux 5.16). */
        public static final int FOPEN_NOFLUSH = 1 << 5;

        @Override
        public int sizeBytes() {
            return 16;
        }

        @Override
        public void write(ByteBuffer to) {
            to.putLong(fh).putInt(openFlags).putInt(0);
        }
    }

    /** STATFS: all of it is in use. */
    public record StatfsOut(long blocks, long files, int blockSizeBytes, int maxNameBytes, int fragmentSizeBytes)
            implements Body {
        @Override
        public int sizeBytes() {
            return 80;
        }

        @Override
        public void write(ByteBuffer to) {
            to.putLong(blocks).putLong(0).putLong(0).putLong(files).putLong(0);
            to.putInt(blockSizeBytes)
                    .putInt(maxNameBytes)
                    .putInt(fragmentSizeBytes)
                    .putInt(0);
            to.putLong(0).putLong(0).putLong(0);
        }
    }

    /** GETXATTR and LISTXATTR of size 0: how long the value is. */
    public record GetxattrOut(int sizeBytesOfValue) implements Body {
        @Override
        public int sizeBytes() {
            return 8;
        }

        @Override
        public void write(ByteBuffer to) {
            to.putInt(sizeBytesOfValue).putInt(0);
        }
    }

    /** LSEEK: where it led to. */
    public record LseekOut(long offset) implements Body {
        @Override
        public int sizeBytes() {
            return 8;
        }

        @Override
        public void write(ByteBuffer to) {
            to.putLong(offset);
        }
    }
}
