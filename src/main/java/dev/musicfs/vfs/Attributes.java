package dev.musicfs.vfs;

import dev.musicfs.catalog.NodeRow;

/**
 * What stat(2) says about an entry.
 *
 * @param inode inode number
 * @param directory whether it is a directory
 * @param sizeBytes exact size, 0 for a directory
 * @param mtimeNanos last modification, nanoseconds since the epoch
 * @param permissions permission bits without the file type
 * @param uid owner
 * @param gid group
 */
public record Attributes(
        long inode, boolean directory, long sizeBytes, long mtimeNanos, int permissions, int uid, int gid) {
    /**
     * st_blksize: the smallest block of audio. Programs that take it for the size of their buffer, such as Python's, read
     * no more of a file's head than they must; those that copy use larger buffers anyway.
     */
    public static final int BLOCK_SIZE_BYTES = 65_536;
    /** st_nlink: for a directory it tells tools that the number of sub-directories is not counted. */
    public static final int LINKS = 1;

    private static final int STAT_BLOCK_BYTES = 512;
    /** To read a file or list a directory. */
    public static final int READ = 4;
    /** To execute a file or find an entry of a directory. */
    public static final int EXECUTE = 1;

    static Attributes of(NodeRow node, Presentation look) {
        return new Attributes(
                node.id().value(),
                node.isDirectory(),
                node.sizeBytes(),
                node.mtimeNanos(),
                node.isDirectory() ? look.dirMode() : look.fileMode(),
                look.uid(),
                look.gid());
    }

    /** st_blocks, rounded up, so that no tool takes the file for a hole. */
    public long blocks() {
        return (sizeBytes + STAT_BLOCK_BYTES - 1) / STAT_BLOCK_BYTES;
    }

    /** Whether everybody has these permissions, of {@link #READ} and {@link #EXECUTE}. */
    public boolean permitsEverybody(int wanted) {
        return permits(permissions, wanted) && permits(permissions >> 3, wanted) && permits(permissions >> 6, wanted);
    }

    /** Whether somebody has these permissions, of {@link #READ} and {@link #EXECUTE}; a file's permission to execute binds root too. */
    public boolean permits(Subject who, int wanted) {
        if (who.uid() == 0) {
            return directory || (wanted & EXECUTE) == 0 || (permissions & 0111) != 0;
        }
        if (who.uid() == uid) {
            return permits(permissions >> 6, wanted);
        }
        boolean asMember = permits(permissions >> 3, wanted);
        boolean asOther = permits(permissions, wanted);
        return asMember == asOther ? asOther : who.isMember(gid) ? asMember : asOther;
    }

    private static boolean permits(int bits, int wanted) {
        return (bits & wanted) == wanted;
    }

    /** Somebody who asks for something. */
    public interface Subject {
        /** The user. */
        int uid();

        /** Whether the user is in a group, supplementary ones included. May look the user's process up. */
        boolean isMember(int group);
    }
}
