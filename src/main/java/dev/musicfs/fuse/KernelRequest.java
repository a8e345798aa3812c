package dev.musicfs.fuse;

import com.kenai.jffi.MemoryIO;

/** Layouts and numbers of {@code fuse_kernel.h}, as far as requests are looked at before libfuse handles them. */
final class KernelRequest {
    static final int FORGET = 2;
    static final int OPEN = 14;
    static final int READ = 15;
    static final int INIT = 26;
    static final int OPENDIR = 27;
    static final int READDIR = 28;
    static final int RELEASEDIR = 29;
    static final int FSYNCDIR = 30;
    static final int INTERRUPT = 36;
    static final int IOCTL = 39;
    static final int BATCH_FORGET = 42;

    /** {@code struct fuse_in_header}. */
    static final int HEADER_BYTES = 40;

    /** {@code struct fuse_out_header}: length, error, unique. */
    static final int OUT_HEADER_BYTES = 16;

    static final int OUT_HEADER_ERROR = 4;
    static final int OUT_HEADER_UNIQUE = 8;
    static final int IOVEC_BYTES = 16;
    static final int OPEN_IN_BYTES = 8;
    static final int RELEASE_IN_BYTES = 24;
    private static final int OPCODE = 4;
    private static final int UNIQUE = 8;
    private static final int NODE = 16;
    private static final int PID = 32;
    private static final int ACCESS_MODE = 3;
    private static final int INIT_FLAGS = HEADER_BYTES + 12;
    private static final int READ_OFFSET = HEADER_BYTES + 8;
    private static final int IOCTL_FLAGS = HEADER_BYTES + 8;
    private static final int NO_OPENDIR_SUPPORT = 1 << 24;
    private static final int IOCTL_DIR = 1 << 4;
    private static final MemoryIO IO = NativeMemory.IO;

    private KernelRequest() {}

    static int opcode(long request) {
        return IO.getInt(request + OPCODE);
    }

    static long unique(long request) {
        return IO.getLong(request + UNIQUE);
    }

    static long node(long request) {
        return IO.getLong(request + NODE);
    }

    /** The thread that asks, as the daemon's PID namespace numbers it; 0 if it is in none of ours. */
    static int pid(long request) {
        return IO.getInt(request + PID);
    }

    /** The handle of READDIR, RELEASEDIR, FSYNCDIR and IOCTL alike. */
    static long handle(long request) {
        return IO.getLong(request + HEADER_BYTES);
    }

    static void setHandle(long request, long handle) {
        IO.putLong(request + HEADER_BYTES, handle);
    }

    /** Whether an OPEN is for reading alone. */
    static boolean opensForReading(long request) {
        return (IO.getInt(request + HEADER_BYTES) & ACCESS_MODE) == 0;
    }

    /** Where READDIR is to go on. */
    static long readOffset(long request) {
        return IO.getLong(request + READ_OFFSET);
    }

    /** Whether an INIT comes from a kernel (Linux 5.1) that takes ENOSYS for OPENDIR as "never ask". */
    static boolean supportsNoOpendir(long request, int length) {
        return length >= INIT_FLAGS + 4 && (IO.getInt(request + INIT_FLAGS) & NO_OPENDIR_SUPPORT) != 0;
    }

    static boolean isDirectoryIoctl(long request) {
        return (IO.getInt(request + IOCTL_FLAGS) & IOCTL_DIR) != 0;
    }

    /** Makes a zeroed buffer a request with the caller and the node of {@code original}. */
    static void derive(long original, long buffer, int opcode, int length, long unique) {
        byte[] header = new byte[HEADER_BYTES];
        IO.getByteArray(original, header, 0, HEADER_BYTES);
        IO.putByteArray(buffer, header, 0, HEADER_BYTES);
        number(buffer, opcode, length, unique);
    }

    /** Makes a zeroed buffer a request about the root, by nobody in particular. */
    static void atRoot(long buffer, int opcode, int length, long unique) {
        number(buffer, opcode, length, unique);
        IO.putLong(buffer + NODE, 1);
    }

    private static void number(long buffer, int opcode, int length, long unique) {
        IO.putInt(buffer, length);
        IO.putInt(buffer + OPCODE, opcode);
        IO.putLong(buffer + UNIQUE, unique);
    }
}
