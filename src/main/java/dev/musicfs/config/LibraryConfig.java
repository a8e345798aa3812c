package dev.musicfs.config;

import java.util.List;

/**
 * What of an origin belongs to the library.
 *
 * @param exclude patterns of names that are passed over
 * @param include patterns of names that are taken all the same
 */
public record LibraryConfig(List<String> exclude, List<String> include) {
    /** Recycle bins, what servers and synchronisers put beside files, and what is still on its way. */
    public static final LibraryConfig DEFAULTS = new LibraryConfig(
            List.of(
                    "#recycle",
                    "@Recycle",
                    "$RECYCLE.BIN",
                    "RECYCLER",
                    "Recycled",
                    ".Trash",
                    ".Trash-*",
                    ".Trashes",
                    ".recycle",
                    "lost+found",
                    "System Volume Information",
                    "@eaDir",
                    "#snapshot",
                    "@Recently-Snapshot",
                    ".snapshot",
                    ".snapshots",
                    ".zfs",
                    ".stfolder",
                    ".stversions",
                    ".sync",
                    "._*",
                    ".AppleDouble",
                    ".Spotlight-V100",
                    ".fseventsd",
                    ".TemporaryItems",
                    ".cache",
                    ".config",
                    ".local",
                    ".git",
                    ".svn",
                    ".~*",
                    "~$*",
                    ".syncthing.*",
                    "*.part",
                    "*.partial",
                    "*.crdownload",
                    "*.!qB",
                    "*.!ut",
                    "*.tmp"),
            List.of());

    /** Copies the lists. */
    public LibraryConfig {
        exclude = List.copyOf(exclude);
        include = List.copyOf(include);
    }
}
