package dev.musicfs.fuse.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The kernel's end of a pair of packet sockets, which stands in for the device: sends requests and takes replies, each
 * whole in one packet.
 */
public final class ScriptedKernel implements AutoCloseable {
    private static final int REPLY_BYTES = 1 << 18;

    private final DescriptorDevice own;
    private final DescriptorDevice device;
    private final AtomicLong uniques = new AtomicLong();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(REPLY_BYTES).order(ByteOrder.nativeOrder());

    /** A reply: {@code error} is 0 or a negated error number. */
    public record Reply(long unique, int error, ByteBuffer body) {
        /** What failed. */
        public boolean is(Errno errno) {
            return error == errno.negated();
        }
    }

    public ScriptedKernel() {
        int[] fds = TestingSockets.pair();
        own = new DescriptorDevice(fds[0]);
        device = new DescriptorDevice(fds[1]);
    }

    /** The other end, for what is tested; whoever takes it closes it. */
    public DescriptorDevice device() {
        return device;
    }

    /** Sends a request by root, and says by which number its reply is known. */
    public long send(Opcode opcode, long nodeid, byte[] body) {
        return send(opcode.number(), nodeid, body);
    }

    /** Sends a request by root, and says by which number its reply is known. */
    public long send(int opcode, long nodeid, byte[] body) {
        long unique = uniques.addAndGet(2);
        sendBytes(request(opcode, unique, nodeid, body));
        return unique;
    }

    /** Sends an interruption of that request. */
    public void interrupt(long unique) {
        sendBytes(request(
                Opcode.INTERRUPT.number(),
                unique | 1,
                0,
                body(8).putLong(unique).array()));
    }

    /** Sends whatever bytes, at least one. */
    public void sendBytes(byte[] bytes) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        assertThat(own.write(MemoryIO.getInstance().getDirectBufferAddress(direct), bytes.length))
                .isZero();
    }

    /** Takes the next reply, and waits for it, a minute at most. */
    public Reply receive() {
        int length = own.readBlocking(MemoryIO.getInstance().getDirectBufferAddress(incoming), REPLY_BYTES);
        assertThat(length).as("length of a reply").isGreaterThanOrEqualTo(ReplyBuffer.HEADER_BYTES);
        assertThat(incoming.getInt(0)).as("length a reply says it has").isEqualTo(length);
        byte[] body = new byte[length - ReplyBuffer.HEADER_BYTES];
        incoming.get(ReplyBuffer.HEADER_BYTES, body);
        return new Reply(
                incoming.getLong(8), incoming.getInt(4), ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()));
    }

    /** Offers a version as a kernel of that age does, and takes the reply. */
    public Reply init(int minor, long flags) {
        long unique = send(Opcode.INIT, 0, initIn(7, minor, flags));
        Reply reply = receive();
        assertThat(reply.unique()).isEqualTo(unique);
        return reply;
    }

    /** {@code struct fuse_init_in} of that version. */
    public static byte[] initIn(int major, int minor, long flags) {
        ByteBuffer body = ByteBuffer.allocate(minor >= 36 ? 64 : 16).order(ByteOrder.nativeOrder());
        body.putInt(major).putInt(minor).putInt(1 << 17).putInt((int) flags);
        if (minor >= 36) {
            body.putInt((int) (flags >>> 32));
        }
        return body.array();
    }

    /** A whole request by root. */
    public static byte[] request(int opcode, long unique, long nodeid, byte[] body) {
        return body(FuseRequest.HEADER_BYTES + body.length)
                .putInt(FuseRequest.HEADER_BYTES + body.length)
                .putInt(opcode)
                .putLong(unique)
                .putLong(nodeid)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .put(body)
                .array();
    }

    /** So many zeroed bytes in the machine's order. */
    public static ByteBuffer body(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    /** Names, each with a NUL after it. */
    public static byte[] names(String... names) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String name : names) {
            bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    /** One after the other. */
    public static byte[] join(byte[] first, byte[] second) {
        return body(first.length + second.length).put(first).put(second).array();
    }

    /** Ends the connection: whoever reads from the other end learns of it. */
    @Override
    public void close() {
        own.close();
    }
}
