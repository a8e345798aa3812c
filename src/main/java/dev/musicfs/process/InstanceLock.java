package dev.musicfs.process;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.LockTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One daemon for one cache directory: a kernel lock on {@code musicfs.lock}, which holds the owner's PID. The kernel
 * drops the lock when the process ends in whatever way, so that a file left behind locks nobody out.
 */
public final class InstanceLock implements AutoCloseable {
    private static final int MOST_BYTES = 32;
    /** Behind the PID of a command that works on the cache while no daemon runs. */
    private static final String COMMAND = " command";

    private static final Pattern CONTENT = Pattern.compile("([0-9]{1,18})(" + COMMAND + ")?");

    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /** {@link #take Takes} it for a command that does what it has to and ends. */
    public static InstanceLock takeForCommand(Path cacheDir) {
        return take(cacheDir, COMMAND);
    }

    /**
     * Creates the cache directory (owner only) if need be and takes the lock.
     *
     * @throws MusicFsException {@code REJECTED} when another process holds it, whose PID the message names, or when the
     *     directory cannot be written; {@code NO_SPACE} when its disk is full
     */
    public static InstanceLock take(Path cacheDir) {
        return take(cacheDir, "");
    }

    private static InstanceLock take(Path cacheDir, String role) {
        FileChannel channel = null;
        CacheDirectory.requireOwnBlocking(cacheDir);
        try {
            if (!Files.isDirectory(cacheDir)) {
                Files.createDirectories(
                        cacheDir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            cacheDir.getFileSystem()
                    .provider()
                    .checkAccess(cacheDir, AccessMode.READ, AccessMode.WRITE, AccessMode.EXECUTE);
            channel = openBlocking(CacheEntry.LOCK.in(cacheDir));
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = readOwner(channel);
                channel.close();
                throw new MusicFsException(
                        FailureKind.REJECTED,
                        "the cache directory " + cacheDir + " is in use by process " + owner
                                + "; stop it or choose another with --cache-dir");
            }
            byte[] pid = (ProcessHandle.current().pid() + role).getBytes(StandardCharsets.US_ASCII);
            // Not emptied first: on a full disk somebody else may have its room then.
            channel.write(ByteBuffer.wrap(pid), 0);
            channel.truncate(pid.length);
            return new InstanceLock(channel);
        } catch (IOException e) {
            closeQuietly(channel);
            boolean full = MusicFsException.kindOf(e) == FailureKind.NO_SPACE;
            throw new MusicFsException(
                    full ? FailureKind.NO_SPACE : FailureKind.REJECTED, remedy(cacheDir, e, full), e);
        }
    }

    // A link is not followed: whatever it leads to would be overwritten.
    private static FileChannel openBlocking(Path file) throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    private static String remedy(Path cacheDir, IOException e, boolean full) {
        Path file = CacheEntry.LOCK.in(cacheDir);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "the cache directory " + cacheDir + " cannot be used: " + file
                    + " is not a regular file; remove it, or choose another directory with --cache-dir";
        }
        boolean fileItself =
                e instanceof FileSystemException fse && file.toString().equals(fse.getFile());
        if (full) {
            return "the cache directory " + cacheDir + " cannot be written: its disk is full; make room on it"
                    + " (df and df -i tell what is missing), or choose another directory with --cache-dir";
        }
        String reason = MusicFsException.wrap(
                        fileItself
                                ? file + " cannot be written"
                                : "the cache directory " + cacheDir + " cannot be written",
                        e)
                .getMessage();
        return reason + "; give the user of this process permission to "
                + (fileItself ? "read and write it (u+rw)" : "read, write and search it (u+rwx)")
                + ", or choose another directory with --cache-dir";
    }

    /** The process that holds the lock or held it last; empty when nobody says. */
    static OptionalLong owner(Path cacheDir) {
        Matcher content = contentBlocking(cacheDir);
        return content.matches() ? OptionalLong.of(Long.parseLong(content.group(1))) : OptionalLong.empty();
    }

    /** Whether that process is a command, and no daemon. */
    static boolean isCommands(Path cacheDir) {
        Matcher content = contentBlocking(cacheDir);
        return content.matches() && content.group(2) != null;
    }

    /** Whether nobody has the lock on the file that is there now, also where {@link #holder} cannot see who. */
    static boolean isFree(Path cacheDir) {
        try (FileChannel channel = FileChannel.open(
                        CacheEntry.LOCK.in(cacheDir), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = tryLock(channel)) {
            return lock != null;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Matcher contentBlocking(Path cacheDir) {
        String content;
        try {
            content = Files.readString(CacheEntry.LOCK.in(cacheDir), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            content = "";
        }
        return CONTENT.matcher(content.trim());
    }

    /**
     * The other process that holds the lock, by the kernel's own list of locks, so that neither a number that was given
     * out again nor what stands in the file is trusted. Empty as well where the kernel does not show that process, as
     * from another container. See proc_locks(5).
     */
    static OptionalLong holder(Path cacheDir) {
        OptionalLong owner = owner(cacheDir);
        if (owner.isEmpty() || owner.getAsLong() == ProcessHandle.current().pid()) {
            return OptionalLong.empty();
        }
        try {
            long inode = (Long) Files.getAttribute(CacheEntry.LOCK.in(cacheDir), "unix:ino");
            return LockTable.isWriteLockedBlocking(inode, owner.getAsLong()) ? owner : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    private static String readOwner(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        channel.read(bytes, 0);
        Matcher content =
                CONTENT.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim());
        return content.matches() ? content.group(1) : "(unknown)";
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The failure that led here is reported; the descriptor goes with the process.
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        closeQuietly(channel);
    }
}
