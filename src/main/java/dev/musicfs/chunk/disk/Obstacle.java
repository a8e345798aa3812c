package dev.musicfs.chunk.disk;

import dev.musicfs.runtime.SetAside;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands where the store has something of its own. It is set aside, never deleted: it may be somebody's. A link that
 * leads to a directory is as good as a directory, so that a store can lie on another disk. Blocks; for any thread.
 */
public final class Obstacle {
    private static final Logger LOG = LoggerFactory.getLogger(Obstacle.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private Obstacle() {}

    /**
     * Makes a directory and those above it, for their owner only.
     *
     * @param own how many levels, from this one upwards, are the store's, so that what stands in their place is set aside
     */
    public static void makeDirectoryBlocking(Path directory, int own) throws IOException {
        if (!Files.isDirectory(directory)) {
            makeMissingBlocking(directory, own);
        }
    }

    /** Leaves a place to a regular file: sets aside all else. */
    public static synchronized void clearForFileBlocking(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            setAsideBlocking(file);
        }
    }

    // One at a time: what somebody else has just made must not be taken for what was in its way.
    private static synchronized void makeMissingBlocking(Path directory, int own) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        @Nullable Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            if (own > 1) {
                makeMissingBlocking(parent, own - 1);
            } else {
                Files.createDirectories(parent, OWNER_ONLY);
            }
        }
        try {
            Files.createDirectory(directory, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            setAsideBlocking(directory);
            Files.createDirectory(directory, OWNER_ONLY);
        }
    }

    private static void setAsideBlocking(Path path) throws IOException {
        Path aside = SetAside.moveBlocking(path);
        LOG.warn("{} was in the way of the cache and is {} now", path, aside);
    }
}
