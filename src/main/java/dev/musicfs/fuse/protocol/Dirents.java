package dev.musicfs.fuse.protocol;

import java.nio.ByteBuffer;

/**
 * Packs entries of a directory into the content of a reply to READDIR or READDIRPLUS ({@code struct fuse_dirent}, {@code
 * struct fuse_direntplus}) until the next does not fit. An empty reply says that the directory ends. A name for which the
 * kernel would refuse the whole reply is left out: an empty one, one of over 1024 bytes, one with a slash or a NUL. For one
 * thread.
 */
public final class Dirents {
    /** Types of entries, as in {@code d_type}. */
    public static final int DT_DIR = 4;

    /** Types of entries, as in {@code d_type}. */
    public static final int DT_REG = 8;

    private static final int DIRENT_BYTES = 24;
    private static final int ALIGNMENT = 8;
    /** {@code FUSE_NAME_MAX} of fs/fuse/fuse_i.h before Linux 6.14. */
    private static final int MAX_NAME_BYTES = 1024;

    private final ByteBuffer to;
    private int count;

    /** Packs from the buffer's position to its limit; the buffer's byte order is the machine's. */
    public Dirents(ByteBuffer to) {
        this.to = to;
    }

    /**
     * Adds an entry for READDIR.
     *
     * @param cookie not 0; the next request's offset when this was the last that the reader has taken
     * @return false, and nothing is added, when it does not fit
     */
    public boolean add(long ino, long cookie, int type, byte[] name) {
        if (!isName(name)) {
            return true;
        }
        if (to.remaining() < padded(DIRENT_BYTES + name.length)) {
            return false;
        }
        put(ino, cookie, type, name);
        return true;
    }

    /**
     * Adds an entry for READDIRPLUS. One with a node counts as one lookup of it as soon as the kernel has the reply; `.`
     * and `..` are added with the node 0, see {@link ReplyBody.EntryOut#absent}, and are never counted.
     *
     * @param ino what a reader sees as {@code d_ino}
     * @return false, and nothing is added, when it does not fit: its lookup is not counted
     */
    public boolean addPlus(ReplyBody.EntryOut entry, long ino, long cookie, int type, byte[] name) {
        if (!isName(name)) {
            return true;
        }
        if (to.remaining() < padded(ReplyBody.EntryOut.SIZE_BYTES + DIRENT_BYTES + name.length)) {
            return false;
        }
        entry.write(to);
        put(ino, cookie, type, name);
        return true;
    }

    /** How many were added. */
    public int count() {
        return count;
    }

    private void put(long ino, long cookie, int type, byte[] name) {
        to.putLong(ino).putLong(cookie).putInt(name.length).putInt(type).put(name);
        for (int i = padded(name.length) - name.length; i > 0; i--) {
            to.put((byte) 0);
        }
        count++;
    }

    private static boolean isName(byte[] name) {
        for (byte each : name) {
            if (each == 0 || each == '/') {
                return false;
            }
        }
        return name.length > 0 && name.length <= MAX_NAME_BYTES;
    }

    private static int padded(int bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
