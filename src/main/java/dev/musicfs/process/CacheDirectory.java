package dev.musicfs.process;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.OwnDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** The directory of log, lock, socket, catalog and store. */
public final class CacheDirectory {
    private CacheDirectory() {}

    /**
     * Refuses one in which somebody else could put files or links, with {@code REJECTED}; one that is not there yet is well.
     * Blocks as a disk does.
     */
    public static void requireOwnBlocking(Path directory) {
        try {
            OwnDirectory.objectionBlocking(directory, CacheEntry.names()).ifPresent(why -> {
                throw new MusicFsException(FailureKind.REJECTED, "the cache directory " + directory + " " + why);
            });
        } catch (IOException e) {
            throw MusicFsException.wrap("the cache directory " + directory + " cannot be looked at", e);
        }
    }
}
