package dev.musicfs.fuse.device;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.ReplyBody;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Sends replies to the device. For any thread. */
final class ReplySink {
    private static final MemoryIO IO = MemoryIO.getInstance();
    private static final int ERROR = 4;
    private static final int UNIQUE = 8;

    private final Device device;
    private final ReplyBuffers buffers;
    private final Consumer<Throwable> defects;
    /** Its lock is held while it is used: for when there is no memory to be had. */
    private final ByteBuffer reserve =
            ByteBuffer.allocateDirect(ReplyBuffer.HEADER_BYTES).order(ByteOrder.nativeOrder());

    private final long reserveAddress = IO.getDirectBufferAddress(reserve);

    /** @param defects told of every reply that the kernel would not take, since it was wrong */
    ReplySink(Device device, ReplyBuffers buffers, Consumer<Throwable> defects) {
        this.device = device;
        this.buffers = buffers;
        this.defects = defects;
    }

    ReplyBuffers buffers() {
        return buffers;
    }

    /** Tells of a defect, and throws nothing. */
    void report(Throwable defect) {
        try {
            defects.accept(defect);
        } catch (Throwable e) { // out of memory, most likely: the reply matters more
            return;
        }
    }

    /** Sends a header alone, with 0 or a negated error number; whether the kernel has taken it. */
    boolean send(long unique, int error) {
        try (ReplyBuffer buffer = buffers.take(0)) {
            fillHeader(buffer.whole(), ReplyBuffer.HEADER_BYTES, error, unique);
            return taken(unique, error, write(buffer.address(), ReplyBuffer.HEADER_BYTES));
        } catch (OutOfMemoryError e) {
            return sendFromReserve(unique, error);
        }
    }

    /** Fails a request whose deadline has passed. */
    void late(long unique) {
        boolean unused = send(unique, Errno.EIO.negated());
    }

    boolean send(long unique, ReplyBody.Body body) {
        try (ReplyBuffer buffer = buffers.take(body.sizeBytes())) {
            body.write(buffer.content());
            return send(unique, buffer);
        } catch (RuntimeException | OutOfMemoryError e) {
            return fail(unique, e);
        }
    }

    boolean send(long unique, ReplyBuffer buffer) {
        int length = ReplyBuffer.HEADER_BYTES + buffer.content().position();
        fillHeader(buffer.whole(), length, 0, unique);
        return taken(unique, 0, write(buffer.address(), length));
    }

    boolean send(long unique, ByteBuffer bytes) {
        int length = bytes.remaining();
        try (ReplyBuffer buffer = buffers.take(bytes.isDirect() ? 0 : length)) {
            if (!bytes.isDirect()) {
                buffer.content().put(bytes);
                return send(unique, buffer);
            }
            fillHeader(buffer.whole(), ReplyBuffer.HEADER_BYTES + length, 0, unique);
            long data = IO.getDirectBufferAddress(bytes) + bytes.position();
            return taken(unique, 0, write(buffer.address(), data, length));
        } catch (RuntimeException | OutOfMemoryError e) {
            return fail(unique, e);
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    /** The asker must not wait for a reply that could not even be made. */
    private boolean fail(long unique, Throwable defect) {
        boolean unused = send(unique, Errno.EIO.negated());
        report(defect);
        return false;
    }

    private boolean sendFromReserve(long unique, int error) {
        synchronized (reserve) {
            fillHeader(reserve, ReplyBuffer.HEADER_BYTES, error, unique);
            return taken(unique, error, write(reserveAddress, ReplyBuffer.HEADER_BYTES));
        }
    }

    private static void fillHeader(ByteBuffer at, int length, int error, long unique) {
        at.putInt(0, length).putInt(ERROR, error).putLong(UNIQUE, unique);
    }

    private int write(long address, int length) {
        int result = device.write(address, length);
        while (isPassing(result)) {
            result = device.write(address, length);
        }
        return result;
    }

    private int write(long header, long data, int length) {
        int result = device.write(header, ReplyBuffer.HEADER_BYTES, data, length);
        while (isPassing(result)) {
            result = device.write(header, ReplyBuffer.HEADER_BYTES, data, length);
        }
        return result;
    }

    private static boolean isPassing(int result) {
        return result == Errno.EINTR.negated() || result == Errno.EAGAIN.negated();
    }

    private boolean taken(long unique, int error, int result) {
        if (result >= 0) {
            return true;
        }
        if (isGone(result)) {
            return false;
        }
        if (error == 0) {
            // Else the asker would wait for ever.
            boolean unused = sendFromReserve(unique, Errno.EIO.negated());
        }
        report(new MusicFsException(
                FailureKind.INTERNAL, "The kernel does not take a reply (errno " + -result + "): " + unique + "."));
        return false;
    }

    /** Whether there is nobody to hear it any more: the request was interrupted, or the connection is gone. */
    private static boolean isGone(int result) {
        return result == Errno.ENOENT.negated()
                || result == Errno.ENODEV.negated()
                || result == Errno.ECONNABORTED.negated()
                || result == Errno.ENOTCONN.negated()
                || result == Errno.EPIPE.negated()
                || result == Errno.ECONNRESET.negated()
                || result == Errno.EPERM.negated()
                || result == Errno.EBADF.negated();
    }
}
