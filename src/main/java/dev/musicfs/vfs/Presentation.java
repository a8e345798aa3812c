package dev.musicfs.vfs;

import dev.musicfs.config.FuseConfig;

/**
 * What is the same for every entry.
 *
 * @param fileMode permission bits of files, such as 0444
 * @param dirMode permission bits of directories, such as 0555
 * @param uid owner of everything
 * @param gid group of everything
 */
public record Presentation(int fileMode, int dirMode, int uid, int gid) {
    /** That of the configuration; what it does not name belongs to the process, whose ids these are. */
    public static Presentation of(FuseConfig fuse, int ownUid, int ownGid) {
        return new Presentation(
                fuse.fileMode(),
                fuse.dirMode(),
                fuse.uid() == FuseConfig.OWN_ID ? ownUid : fuse.uid(),
                fuse.gid() == FuseConfig.OWN_ID ? ownGid : fuse.gid());
    }

    /** Refuses bits that are not permissions and permissions to write. */
    public Presentation {
        if (((fileMode | dirMode) & ~0555) != 0) {
            throw new IllegalArgumentException("file and directory modes may grant reading and execution only");
        }
    }
}
