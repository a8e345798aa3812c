package dev.musicfs.process;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.OwnDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The directory of log, lock, socket, catalog and store. */
public final class CacheDirectory {
    /** What lies in it and is never written through a link. */
    public static final List<String> NAMES =
            List.of("musicfs.log", "musicfs.log.1", "control.sock", ".ctl", "catalog.db", "store", "scan", "spare");

    private CacheDirectory() {}

    /**
     * Refuses one in which somebody else could put files or links, with {@code REJECTED}; one that is not there yet is well.
     * Blocks as a disk does.
     */
    public static void requireOwnBlocking(Path directory) {
        try {
            OwnDirectory.objectionBlocking(directory, NAMES).ifPresent(why -> {
                throw new MusicFsException(FailureKind.REJECTED, "the cache directory " + directory + " " + why);
            });
        } catch (IOException e) {
            throw MusicFsException.wrap("the cache directory " + directory + " cannot be looked at", e);
        }
    }
}
