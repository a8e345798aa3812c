package dev.musicfs.fuse.protocol;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.RequestBody.AccessIn;
import dev.musicfs.fuse.protocol.RequestBody.ForgetIn;
import dev.musicfs.fuse.protocol.RequestBody.GetattrIn;
import dev.musicfs.fuse.protocol.RequestBody.GetxattrIn;
import dev.musicfs.fuse.protocol.RequestBody.HandleIn;
import dev.musicfs.fuse.protocol.RequestBody.InitIn;
import dev.musicfs.fuse.protocol.RequestBody.InterruptIn;
import dev.musicfs.fuse.protocol.RequestBody.IoctlIn;
import dev.musicfs.fuse.protocol.RequestBody.LinkIn;
import dev.musicfs.fuse.protocol.RequestBody.LseekIn;
import dev.musicfs.fuse.protocol.RequestBody.MkdirIn;
import dev.musicfs.fuse.protocol.RequestBody.MknodIn;
import dev.musicfs.fuse.protocol.RequestBody.OpenIn;
import dev.musicfs.fuse.protocol.RequestBody.ReadIn;
import dev.musicfs.fuse.protocol.RequestBody.RenameIn;
import dev.musicfs.fuse.protocol.RequestBody.SetattrIn;
import dev.musicfs.fuse.protocol.RequestBody.StatxIn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of the kernel ({@code struct fuse_in_header} and what follows it; Linux, include/uapi/linux/fuse.h). It was
 * checked whole when it was decoded: what is asked of it later cannot fail, unless another opcode's part is asked for.
 *
 * <p>The header is a copy. Everything else is read from the buffer that the request came in, which belongs to the thread
 * that received it: whoever hands a request on takes what it needs first. For one thread.
 */
public final class FuseRequest {
    /** {@code struct fuse_in_header}. */
    public static final int HEADER_BYTES = 40;

    private static final int GETATTR_IN_BYTES = 16;
    private static final int FUSE_GETATTR_FH = 1;
    private static final int READ_IN_BYTES = 40;
    private static final int INIT_IN_EXT_BYTES = 20;
    private static final int FORGET_ONE_BYTES = 16;
    private static final int EXTENSION_UNIT_BYTES = 8;
    private static final long NANOS = 1_000_000_000L;

    private final ByteBuffer buffer;
    private final int end;
    private final int number;
    private final @Nullable Opcode opcode;
    private final long unique;
    private final long nodeid;
    private final int uid;
    private final int gid;
    private final int pid;

    private FuseRequest(ByteBuffer buffer, int end) {
        this.buffer = buffer;
        this.end = end;
        this.number = buffer.getInt(4);
        this.opcode = Opcode.of(number);
        this.unique = buffer.getLong(8);
        this.nodeid = buffer.getLong(16);
        this.uid = buffer.getInt(24);
        this.gid = buffer.getInt(28);
        this.pid = buffer.getInt(32);
    }

    /** The number that a reply has to carry, of something that is at least a header. */
    public static long uniqueOf(ByteBuffer buffer) {
        return buffer.order(ByteOrder.nativeOrder()).getLong(8);
    }

    /** Its opcode, of something that is at least a header. */
    public static int opcodeOf(ByteBuffer buffer) {
        return buffer.order(ByteOrder.nativeOrder()).getInt(4);
    }

    /**
     * Decodes a request.
     *
     * @param buffer holds it from 0 on; its position, limit and byte order are set here
     * @param length of what was received
     * @throws MusicFsException {@code INVALID} when it is shorter than its kind must be or of another length than it says,
     *     when a string of it does not end, or a number of it is out of range
     */
    public static FuseRequest decode(ByteBuffer buffer, int length) {
        if (length < HEADER_BYTES || length > buffer.capacity()) {
            throw malformed("is of " + length + " bytes");
        }
        buffer.order(ByteOrder.nativeOrder()).clear();
        int said = buffer.getInt(0);
        if (said != length) {
            throw malformed("says that it is of " + said + " bytes and is of " + length);
        }
        // Extensions come last (7.38); none was negotiated.
        int extensions = Short.toUnsignedInt(buffer.getShort(36)) * EXTENSION_UNIT_BYTES;
        if (extensions > length - HEADER_BYTES) {
            throw malformed("has extensions of " + extensions + " bytes and is of " + length);
        }
        FuseRequest request = new FuseRequest(buffer, length - extensions);
        request.check();
        return request;
    }

    private void check() {
        Opcode known = opcode;
        if (known == null) {
            return;
        }
        if (end < HEADER_BYTES + known.bodyBytes()) {
            throw malformed("(" + known + ") is too short");
        }
        int at = namesAt(known);
        for (int i = 0; i < known.names(); i++) {
            at = nameEnd(at) + 1;
        }
        switch (known) {
            case READ -> require(known, readIn().offset() >= 0 && readIn().sizeBytes() >= 0);
            case READDIR, READDIRPLUS -> require(known, readIn().sizeBytes() >= 0);
            case GETXATTR, LISTXATTR -> require(known, getxattrIn().sizeBytes() >= 0);
            case BATCH_FORGET ->
                require(known, forgetCount() >= 0 && (long) forgetCount() * FORGET_ONE_BYTES <= end - HEADER_BYTES - 8);
            case GETATTR -> require(known, end == HEADER_BYTES || end >= HEADER_BYTES + GETATTR_IN_BYTES);
            default -> {}
        }
    }

    private static void require(Opcode opcode, boolean right) {
        if (!right) {
            throw malformed("(" + opcode + ") has a number out of range");
        }
    }

    /** Its number, which the reply carries. */
    public long unique() {
        return unique;
    }

    /** What is asked; null when we do not know such a thing, which is to be answered ENOSYS. */
    public @Nullable Opcode opcodeOrNull() {
        return opcode;
    }

    /** What is asked, of a request that reached a {@code RequestHandler}. */
    public Opcode opcode() {
        Opcode known = opcode;
        if (known == null) {
            throw new IllegalStateException("unknown opcode " + number);
        }
        return known;
    }

    /** The opcode as it came. */
    public int opcodeNumber() {
        return number;
    }

    /** The node that it is about, of a directory for what has names; 1 is the root, 0 is none. */
    public long nodeid() {
        return nodeid;
    }

    /** The asker's filesystem user. */
    public int uid() {
        return uid;
    }

    /** The asker's filesystem group; see credentials(7) for those it has besides. */
    public int gid() {
        return gid;
    }

    /** The thread that asks, as the daemon's PID namespace numbers it; 0 if it is in none of ours, or there is none. */
    public int pid() {
        return pid;
    }

    /** The first name, without its NUL: bytes, as names are. It may be empty or hold anything else but a NUL. */
    public byte[] name() {
        return name(0);
    }

    /** The second name: of RENAME and RENAME2 that of the entry to be, of SYMLINK what the link leads to. */
    public byte[] secondName() {
        return name(1);
    }

    private byte[] name(int which) {
        if (opcode == null || opcode.names() <= which) {
            throw wrong();
        }
        int at = namesAt(opcode);
        if (which > 0) {
            at = nameEnd(at) + 1;
        }
        byte[] name = new byte[nameEnd(at) - at];
        buffer.get(at, name);
        return name;
    }

    /** READ, READDIR, READDIRPLUS. */
    public ReadIn readIn() {
        expect(Opcode.READ, Opcode.READDIR, Opcode.READDIRPLUS);
        int flags = end >= HEADER_BYTES + READ_IN_BYTES ? intAt(32) : 0;
        return new ReadIn(longAt(0), longAt(8), intAt(16), flags);
    }

    /** OPEN, OPENDIR. */
    public OpenIn openIn() {
        expect(Opcode.OPEN, Opcode.OPENDIR);
        return new OpenIn(intAt(0));
    }

    /** RELEASE, RELEASEDIR, FLUSH, FSYNC, FSYNCDIR. */
    public HandleIn handleIn() {
        expect(Opcode.RELEASE, Opcode.RELEASEDIR, Opcode.FLUSH, Opcode.FSYNC, Opcode.FSYNCDIR);
        return new HandleIn(longAt(0));
    }

    /** GETATTR. */
    public GetattrIn getattrIn() {
        expect(Opcode.GETATTR);
        boolean hasFh = end > HEADER_BYTES && (intAt(0) & FUSE_GETATTR_FH) != 0;
        return new GetattrIn(hasFh, hasFh ? longAt(8) : 0);
    }

    /** SETATTR. */
    public SetattrIn setattrIn() {
        expect(Opcode.SETATTR);
        return new SetattrIn(
                intAt(0),
                longAt(8),
                longAt(16),
                nanos(longAt(32), intAt(56)),
                nanos(longAt(40), intAt(60)),
                intAt(68),
                intAt(76),
                intAt(80));
    }

    /** MKNOD. */
    public MknodIn mknodIn() {
        expect(Opcode.MKNOD);
        return new MknodIn(intAt(0), intAt(4));
    }

    /** MKDIR. */
    public MkdirIn mkdirIn() {
        expect(Opcode.MKDIR);
        return new MkdirIn(intAt(0));
    }

    /** RENAME, RENAME2. */
    public RenameIn renameIn() {
        expect(Opcode.RENAME, Opcode.RENAME2);
        return new RenameIn(longAt(0), opcode == Opcode.RENAME2 ? intAt(8) : 0);
    }

    /** LINK. */
    public LinkIn linkIn() {
        expect(Opcode.LINK);
        return new LinkIn(longAt(0));
    }

    /** FORGET as one, BATCH_FORGET as many; no reply may be sent. */
    public List<ForgetIn> forgets() {
        expect(Opcode.FORGET, Opcode.BATCH_FORGET);
        if (opcode == Opcode.FORGET) {
            return List.of(new ForgetIn(nodeid, longAt(0)));
        }
        List<ForgetIn> forgets = new ArrayList<>(forgetCount());
        for (int i = 0, at = 8; i < forgetCount(); i++, at += FORGET_ONE_BYTES) {
            forgets.add(new ForgetIn(longAt(at), longAt(at + 8)));
        }
        return forgets;
    }

    private int forgetCount() {
        return intAt(0);
    }

    /** GETXATTR, LISTXATTR. */
    public GetxattrIn getxattrIn() {
        expect(Opcode.GETXATTR, Opcode.LISTXATTR);
        return new GetxattrIn(intAt(0));
    }

    /** ACCESS. */
    public AccessIn accessIn() {
        expect(Opcode.ACCESS);
        return new AccessIn(intAt(0));
    }

    /** INTERRUPT. */
    public InterruptIn interruptIn() {
        expect(Opcode.INTERRUPT);
        return new InterruptIn(longAt(0));
    }

    /** LSEEK. */
    public LseekIn lseekIn() {
        expect(Opcode.LSEEK);
        return new LseekIn(longAt(0), longAt(8), intAt(16));
    }

    /** IOCTL. */
    public IoctlIn ioctlIn() {
        expect(Opcode.IOCTL);
        return new IoctlIn(longAt(0), intAt(8), intAt(12));
    }

    /** STATX. */
    public StatxIn statxIn() {
        expect(Opcode.STATX);
        boolean hasFh = (intAt(0) & FUSE_GETATTR_FH) != 0;
        return new StatxIn(hasFh, hasFh ? longAt(8) : 0, intAt(20));
    }

    /** INIT. */
    public InitIn initIn() {
        expect(Opcode.INIT);
        long flags = Integer.toUnsignedLong(intAt(12));
        if ((flags & Negotiation.FUSE_INIT_EXT) != 0 && end >= HEADER_BYTES + INIT_IN_EXT_BYTES) {
            flags |= Integer.toUnsignedLong(intAt(16)) << 32;
        }
        return new InitIn(intAt(0), intAt(4), intAt(8), flags);
    }

    private void expect(Opcode... allowed) {
        for (Opcode each : allowed) {
            if (each == opcode) {
                return;
            }
        }
        throw wrong();
    }

    private IllegalStateException wrong() {
        return new IllegalStateException("That is not a part of " + this + ".");
    }

    private int intAt(int offset) {
        return buffer.getInt(HEADER_BYTES + offset);
    }

    private long longAt(int offset) {
        return buffer.getLong(HEADER_BYTES + offset);
    }

    // What does not fit is a time that nobody sets: those that the kernel sends are checked nowhere.
    private static long nanos(long seconds, int nanos) {
        return seconds * NANOS + nanos;
    }

    // SETXATTR's fixed part grew only for those who asked for that (FUSE_SETXATTR_EXT), which we do not.
    private static int namesAt(Opcode opcode) {
        return HEADER_BYTES + opcode.bodyBytes();
    }

    private int nameEnd(int from) {
        for (int at = from; at < end; at++) {
            if (buffer.get(at) == 0) {
                return at;
            }
        }
        throw malformed("has a name that does not end");
    }

    private static MusicFsException malformed(String what) {
        return new MusicFsException(FailureKind.INVALID, "A request of the kernel " + what + ".");
    }

    /** For logs: kind, number and node. */
    @Override
    public String toString() {
        return (opcode == null ? "opcode " + number : opcode.name()) + " " + unique + " of node " + nodeid;
    }
}
