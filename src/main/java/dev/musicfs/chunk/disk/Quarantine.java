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
 * Sets aside what is in the way of the store's own files and directories. It is never deleted: it may be somebody's. A link
 * to a directory counts as a directory, so that a store can lie on another disk. Blocks; for any thread.
 */
public final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private Quarantine() {}

    /**
     * Makes a directory and those above it, for their owner only.
     *
     * @param own how many levels, from this one upwards, belong to the store: what is in their way is set aside
     */
    public static void makeDirectoryBlocking(Path directory, int own) throws IOException {
        if (!Files.isDirectory(directory)) {
            makeMissingBlocking(directory, own);
        }
    }

    /** Clears the way for a regular file: sets aside anything else of that name. */
    public static synchronized void clearForFileBlocking(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            setAsideBlocking(file);
        }
    }

    // One at a time: what another thread has just made must not be taken for an obstacle.
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
