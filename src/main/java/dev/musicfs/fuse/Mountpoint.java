package dev.musicfs.fuse;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.posix.MountTable;
import dev.musicfs.posix.Statvfs;
import dev.musicfs.runtime.Threads;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the place where the tree is to be mounted, and clears away what a MusicFS that was killed left there. */
@Attended(threads = "a look at a mountpoint, waited for within a bound")
final class Mountpoint {
    private static final Logger log = LoggerFactory.getLogger(Mountpoint.class);
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");
    private static final String OUR_TYPE = "fuse.musicfs";
    /** More than taking a dead mount away through {@code fusermount} may last. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Mountpoint() {}

    /**
     * The path as {@code mountinfo} will show it. Every refusal is one sentence with its remedy. Blocks for 20 s at
     * most, although looking at a mount whose process hangs may take for ever.
     */
    @Waits("the process's main thread, within 20 s: who looks at a mount whose process hangs never comes back")
    static Path prepare(Path wanted) {
        CompletableFuture<Path> looked = new CompletableFuture<>();
        Threads.begin("musicfs-mountpoint", () -> {
            try {
                looked.complete(look(wanted));
            } catch (Throwable e) {
                looked.completeExceptionally(e);
            }
        });
        try {
            return looked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw refused("The mountpoint " + wanted
                    + " does not answer, the process behind it hangs; end that process, or run: fusermount -uz "
                    + wanted);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MusicFsException known
                    ? known
                    : MusicFsException.wrap("Cannot look at the mountpoint " + wanted, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.INTERNAL, "mounting was interrupted", e);
        }
    }

    private static Path look(Path wanted) {
        if (!Files.exists(DEVICE)) {
            throw refused(
                    "/dev/fuse does not exist; load the kernel module fuse or pass the device into the container.");
        }
        Path path = wanted.toAbsolutePath().normalize();
        if (isStale(path)) {
            // It stays until the new mount is made: nobody is to see what is beneath it, which was empty.
            return path;
        }
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("The mountpoint " + path + " does not exist; create it as an empty directory.");
        }
        if (!Files.isDirectory(path)) {
            throw refused("The mountpoint " + path + " is not a directory; name an empty directory instead.");
        }
        try {
            path = path.toRealPath();
            refuseIfMounted(path);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                if (entries.iterator().hasNext()) {
                    throw refused("The mountpoint " + path + " is not empty; name an empty directory instead.");
                }
            }
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot look into the mountpoint " + path, e);
        }
        return path;
    }

    private static void refuseIfMounted(Path path) {
        Optional<MountTable.Mount> present = MountTable.read().at(path);
        // Other filesystems, such as a container's volume, may well be mounted over if they are empty.
        if (present.isPresent() && present.get().isFuse()) {
            throw refused(path + " is already mounted by " + present.get().source() + " ("
                    + present.get().type() + "); unmount it first.");
        }
    }

    /** A mount of ours whose process is gone; it answers every question with ENOTCONN. */
    static void repairIfStale(Path path) {
        while (isStale(path)) {
            log.info("{} is left over from a MusicFS that did not end properly; it is detached.", path);
            Unmounter.detach(path);
            if (isStale(path)) {
                throw refused(path + " is a dead mount that cannot be detached; run: fusermount -uz " + path);
            }
        }
    }

    /** Reads the mount table only: a call to the mount itself might never return. */
    static void abort(Path path) {
        Optional<MountTable.Mount> mount = MountTable.read().at(path).filter(MountTable.Mount::isMusicFs);
        if (mount.isEmpty()) {
            return;
        }
        try {
            Files.writeString(CONNECTIONS.resolve(mount.get().minor()).resolve("abort"), "1", StandardOpenOption.WRITE);
        } catch (IOException e) {
            Unmounter.abort(path);
        }
    }

    /** Whether a mount of ours is there that nobody serves. */
    static boolean isStale(Path path) {
        boolean ours = MountTable.read()
                .at(path)
                .map(mount -> mount.type().equals(OUR_TYPE))
                .orElse(false);
        return ours && askDaemon(path) == Errno.ENOTCONN.number();
    }

    // The kernel goes on answering stat(2) and access(2) of a dead mount from its caches; statvfs(3) asks the daemon.
    // One that ends in this moment leaves the question ECONNABORTED, and the next ENOTCONN.
    private static int askDaemon(Path path) {
        int error = Statvfs.errnoBlocking(path);
        return error == Errno.ECONNABORTED.number() ? Statvfs.errnoBlocking(path) : error;
    }

    private static MusicFsException refused(String sentence) {
        return new MusicFsException(FailureKind.UNAVAILABLE, sentence);
    }
}
