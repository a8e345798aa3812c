package dev.musicfs.fuse.device;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.CLibrary;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device behind a file descriptor: {@code /dev/fuse}, or one end of a pair of packet sockets, which does for it in tests.
 * It is read and written by system calls, since an interruption of a thread closes a channel of the JDK. The descriptor is
 * closed when the last thread has left it: its number may be that of another file right after.
 */
public final class DescriptorDevice implements Device {
    private static final MemoryIO IO = MemoryIO.getInstance();
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int IOVEC_BYTES = 16;
    /** Added to the number of threads inside once it is closed. */
    private static final int CLOSED = 1 << 30;

    private final DeviceCalls calls = DeviceCalls.get();
    private final int fd;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicBoolean gone = new AtomicBoolean();

    /** Takes a descriptor over. */
    public DescriptorDevice(int fd) {
        this.fd = fd;
    }

    /** A descriptor of its own for the same device, which no program started by this one inherits. */
    public static DescriptorDevice copyOf(int fd) {
        int copy = DeviceCalls.get().fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "The descriptor of the mount cannot be copied (errno " + CLibrary.lastErrno() + ").");
        }
        return new DescriptorDevice(copy);
    }

    @Override
    public int readBlocking(long address, int size) {
        if (!enter()) {
            return Errno.EBADF.negated();
        }
        try {
            return result(calls.read(fd, address, size));
        } finally {
            leave();
        }
    }

    @Override
    public int write(long address, int length) {
        if (!enter()) {
            return Errno.EBADF.negated();
        }
        try {
            return Math.min(0, result(calls.write(fd, address, length)));
        } finally {
            leave();
        }
    }

    @Override
    public int write(long header, int headerLength, long data, int dataLength) {
        if (!enter()) {
            return Errno.EBADF.negated();
        }
        long vectors = IO.allocateMemory(2 * IOVEC_BYTES, false);
        try {
            IO.putAddress(vectors, header);
            IO.putLong(vectors + 8, headerLength);
            IO.putAddress(vectors + IOVEC_BYTES, data);
            IO.putLong(vectors + IOVEC_BYTES + 8, dataLength);
            return Math.min(0, result(calls.writev(fd, vectors, 2)));
        } finally {
            IO.freeMemory(vectors);
            leave();
        }
    }

    private static int result(long returned) {
        return returned < 0 ? -CLibrary.lastErrno() : (int) returned;
    }

    private boolean enter() {
        if (inside.incrementAndGet() < CLOSED) {
            return true;
        }
        leave();
        return false;
    }

    private void leave() {
        if (inside.decrementAndGet() == CLOSED) {
            closeOnce();
        }
    }

    @Override
    public void close() {
        int before = inside.getAndUpdate(count -> count < CLOSED ? count + CLOSED : count);
        if (before == 0) {
            closeOnce();
        }
    }

    int fd() {
        return fd;
    }

    /** Whether a thread is in it. */
    boolean isBusy() {
        return inside.get() % CLOSED != 0;
    }

    /** Whether the descriptor is closed in truth. */
    boolean isClosed() {
        return gone.get();
    }

    // Whoever comes after the end enters and leaves as well.
    private void closeOnce() {
        if (gone.compareAndSet(false, true)) {
            calls.close(fd);
        }
    }
}
