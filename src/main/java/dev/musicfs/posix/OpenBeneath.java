package dev.musicfs.posix;

import dev.musicfs.failure.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A regular file that was opened below a directory, whatever links somebody puts in its way meanwhile: the kernel is told to
 * stay below (openat2(2)), and where it cannot be told, it is asked where the descriptor came to lie. Opening never waits,
 * not even for a FIFO. Blocks as a disk does.
 */
public final class OpenBeneath implements AutoCloseable {
    private static final int NONBLOCK = 0x800;
    private static final int CLOEXEC = 0x80000;
    private static final int PATH_ONLY = 0x200000;
    private static final long OPENAT2 = 437;
    private static final long NO_MAGIC_LINKS = 0x02;
    private static final long BENEATH = 0x08;
    private static final int HOW_BYTES = 24;
    private static final int EXDEV = 18;
    private static final int ENOSYS = 38;

    private final int fd;
    private final Path path;

    private OpenBeneath(int fd) {
        this.fd = fd;
        this.path = Path.of("/proc/self/fd/" + fd);
    }

    private OpenBeneath(Path unguarded) {
        this.fd = -1;
        this.path = unguarded;
    }

    /** For machines whose C library cannot be called: a path that has been looked at, to be opened as any other. */
    public static OpenBeneath unguarded(Path path) {
        return new OpenBeneath(path);
    }

    /** A path led out of where it has to stay. */
    public static final class OutsideException extends FileSystemException {
        private static final long serialVersionUID = 1L;

        /** Of this path. */
        public OutsideException(String path) {
            super(path, null, "it leads out of the directory");
        }
    }

    /**
     * Opens a file for reading.
     *
     * @param base the directory; links on the way to it are followed
     * @param baseBytes the same as bytes without a zero
     * @param below the path from there, as bytes without a zero, not empty
     * @throws OutsideException when a link leads out of {@code base}, or by an absolute path, also to what lies below
     * @throws IOException as the kernel says; also for what is no regular file
     */
    public static OpenBeneath openBlocking(Path base, byte[] baseBytes, byte[] below) throws IOException {
        String name = base + "/...";
        int directory = CLibrary.calls().open(CLibrary.cString(baseBytes), PATH_ONLY | CLOEXEC);
        if (directory < 0) {
            throw failure(base.toString(), CLibrary.lastErrno());
        }
        int fd;
        int errno;
        try {
            byte[] how = ByteBuffer.allocate(HOW_BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(NONBLOCK | CLOEXEC)
                    .putLong(0)
                    .putLong(BENEATH | NO_MAGIC_LINKS)
                    .array();
            fd = (int) CLibrary.calls().syscall(OPENAT2, directory, CLibrary.cString(below), how, HOW_BYTES);
            errno = CLibrary.lastErrno();
            if (fd < 0 && (errno == ENOSYS || errno == Errno.EPERM.number())) {
                return openAndAskBlocking(base, directory, below);
            }
        } finally {
            CLibrary.calls().close(directory);
        }
        if (fd < 0) {
            throw errno == EXDEV ? new OutsideException(name) : failure(name, errno);
        }
        return regular(new OpenBeneath(fd), name);
    }

    // For kernels before 5.6, and sandboxes that do not know the call.
    private static OpenBeneath openAndAskBlocking(Path base, int directory, byte[] below) throws IOException {
        byte[] prefix = ("/proc/self/fd/" + directory + "/").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] path = Arrays.copyOf(prefix, prefix.length + below.length + 1);
        System.arraycopy(below, 0, path, prefix.length, below.length);
        int fd = CLibrary.calls().open(path, NONBLOCK | CLOEXEC);
        if (fd < 0) {
            throw failure(base + "/...", CLibrary.lastErrno());
        }
        OpenBeneath opened = new OpenBeneath(fd);
        try {
            if (!Files.readSymbolicLink(opened.path()).startsWith(base.toRealPath())) {
                throw new OutsideException(base + "/...");
            }
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        return regular(opened, base + "/...");
    }

    private static OpenBeneath regular(OpenBeneath opened, String name) throws IOException {
        try {
            if (!Files.isRegularFile(opened.path())) {
                throw new FileSystemException(name, null, "it is no regular file");
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** What this process can open again as that very file, as long as this is open. */
    public Path path() {
        return path;
    }

    /** The file, for as long as the channel is open. */
    public FileChannel channel() throws IOException {
        return FileChannel.open(path(), StandardOpenOption.READ);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            CLibrary.calls().close(fd);
        }
    }

    private static IOException failure(String path, int errno) {
        if (errno == Errno.ENOENT.number()) {
            return new NoSuchFileException(path);
        }
        return errno == Errno.EACCES.number()
                ? new AccessDeniedException(path)
                : new FileSystemException(path, null, Strerror.of(errno));
    }
}
