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
    private static final int READ = 4;
    private static final int SEARCH = 1;

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

    /** Whether everybody may read the file, or list and enter the directory. */
    public boolean readableByEverybody() {
        int wanted = directory ? READ | SEARCH : READ;
        return (permissions & wanted) == wanted;
    }

    /** Whether a user may read the file, or list and enter the directory. Supplementary groups are not looked at. */
    public boolean readableBy(int userId, int groupId) {
        if (userId == 0) {
            return true;
        }
        int bits = userId == uid ? permissions >> 6 : groupId == gid ? permissions >> 3 : permissions;
        int wanted = directory ? READ | SEARCH : READ;
        return (bits & wanted) == wanted;
    }
}
