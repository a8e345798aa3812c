package dev.musicfs.config;

/**
 * How the mount looks to the kernel and to other programs.
 *
 * @param uid owner of every entry, {@link #OWN_ID} for the user that MusicFS runs as
 * @param gid group of every entry, {@link #OWN_ID} for the group that MusicFS runs as
 * @param fileMode permission bits of files, none of them to write
 * @param dirMode permission bits of directories, none of them to write
 * @param allowOther whether other users may see the mount
 * @param announce whether changes raise inotify events on the mount and the kernel may cache for long
 * @param maxReadaheadBytes how far the kernel reads ahead of a program
 * @param xattrs whether files say in extended attributes where they come from
 */
public record FuseConfig(
        int uid,
        int gid,
        int fileMode,
        int dirMode,
        boolean allowOther,
        boolean announce,
        int maxReadaheadBytes,
        boolean xattrs) {
    /** The id that stands for the one MusicFS runs as. */
    public static final int OWN_ID = -1;
}
