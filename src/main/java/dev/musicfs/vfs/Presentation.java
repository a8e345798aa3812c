package dev.musicfs.vfs;

/**
 * What is the same for every entry.
 *
 * @param fileMode permission bits of files, such as 0444
 * @param dirMode permission bits of directories, such as 0555
 * @param uid owner of everything
 * @param gid group of everything
 */
public record Presentation(int fileMode, int dirMode, int uid, int gid) {
    /** Refuses bits that are not permissions and permissions to write. */
    public Presentation {
        if (((fileMode | dirMode) & ~0555) != 0) {
            throw new IllegalArgumentException("file and directory modes may grant reading and execution only");
        }
    }
}
