package dev.musicfs.control;

import dev.musicfs.config.CacheEntry;
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
    // With its directory shorter than the name of the socket, so that what can be connected to can be bound.
    private static final String PRIVATE_NAME = "s";

    private final Path cacheDir;
    private @Nullable SocketDirectory directory;
    private @Nullable Object published;

    ControlSocket(Path cacheDir) {
        this.cacheDir = cacheDir;
    }

    /** Makes room; gives the address to bind. */
    synchronized Path prepareBlocking() throws IOException {
        Path closed = CacheEntry.SOCKET_MAKING.in(cacheDir);
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        if (!Files.isDirectory(closed)) {
            Files.createDirectory(closed, PosixFilePermissions.asFileAttribute(ownerOnly));
        }
        Files.setPosixFilePermissions(closed, ownerOnly);
        Files.deleteIfExists(closed.resolve(PRIVATE_NAME));
        SocketDirectory named = SocketDirectory.of(cacheDir);
        directory = named;
        return CacheEntry.SOCKET_MAKING.in(named.path()).resolve(PRIVATE_NAME);
    }

    /** To be called when it is bound. */
    synchronized void publishBlocking() throws IOException {
        Path closed = CacheEntry.SOCKET_MAKING.in(cacheDir);
        Path bound = closed.resolve(PRIVATE_NAME);
        Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
        Files.move(bound, CacheEntry.SOCKET.in(cacheDir), StandardCopyOption.ATOMIC_MOVE);
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
            Files.deleteIfExists(CacheEntry.SOCKET.in(cacheDir));
        }
        published = null;
    }

    // Device and inode.
    private @Nullable Object identity() throws IOException {
        try {
            return Files.readAttributes(
                            CacheEntry.SOCKET.in(cacheDir), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
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
