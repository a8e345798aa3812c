package dev.musicfs.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The socket {@code control.sock} in the cache directory. It is bound in a directory that is closed to others and moved
 * to its place when its permissions are right: nobody else can connect in between, a client finds it whole or not at
 * all, and what a killed daemon left is replaced. For the holder of the instance lock only.
 */
public final class ControlSocket {
    public static final String NAME = "control.sock";
    // Both shorter than NAME together, so that what can be connected to can be bound.
    private static final String PRIVATE_DIRECTORY = ".ctl";
    private static final String PRIVATE_NAME = "s";

    private final Path cacheDir;
    private @Nullable SocketDirectory directory;
    private @Nullable Object published;

    ControlSocket(Path cacheDir) {
        this.cacheDir = cacheDir;
    }

    /** Makes room; gives the address to bind. */
    synchronized Path prepareBlocking() throws IOException {
        Path closed = cacheDir.resolve(PRIVATE_DIRECTORY);
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        if (!Files.isDirectory(closed)) {
            Files.createDirectory(closed, PosixFilePermissions.asFileAttribute(ownerOnly));
        }
        Files.setPosixFilePermissions(closed, ownerOnly);
        Files.deleteIfExists(closed.resolve(PRIVATE_NAME));
        SocketDirectory named = SocketDirectory.of(cacheDir);
        directory = named;
        return named.path().resolve(PRIVATE_DIRECTORY).resolve(PRIVATE_NAME);
    }

    /** To be called when it is bound. */
    synchronized void publishBlocking() throws IOException {
        Path closed = cacheDir.resolve(PRIVATE_DIRECTORY);
        Path bound = closed.resolve(PRIVATE_NAME);
        Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
        Files.move(bound, cacheDir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        published = identity();
        Files.delete(closed);
        release();
    }

    /** Whether a client finds a socket where it was published; one that somebody else has put there counts. */
    synchronized boolean isInPlaceBlocking() throws IOException {
        return identity() != null;
    }

    /** To be called when it is closed, or could not be bound; what somebody else has put in its place stays. */
    synchronized void removeBlocking() throws IOException {
        release();
        if (published != null && published.equals(identity())) {
            Files.deleteIfExists(cacheDir.resolve(NAME));
        }
        published = null;
    }

    // Device and inode.
    private @Nullable Object identity() throws IOException {
        try {
            return Files.readAttributes(cacheDir.resolve(NAME), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void release() throws IOException {
        SocketDirectory named = directory;
        directory = null;
        if (named != null) {
            named.close();
        }
    }
}
