package dev.musicfs.fuse;

/** {@code struct fuse_file_info} of libfuse 2.9 on 64-bit Linux. */
final class FileInfo {
    private static final int FLAGS = 0;
    private static final int BITS = 16 + 4;
    private static final int HANDLE = 24;
    private static final int DIRECT_IO = 1;
    private static final int KEEP_CACHE = 1 << 1;
    private static final int ACCESS_MODE = 3;
    private static final int O_TRUNC = 01000;

    private FileInfo() {}

    /** Whether the opening asks for more than reading, truncation included. */
    static boolean wantsToWrite(long info) {
        int flags = NativeMemory.IO.getInt(info + FLAGS);
        return (flags & ACCESS_MODE) != 0 || (flags & O_TRUNC) != 0;
    }

    static void keepCache(long info) {
        NativeMemory.IO.putInt(info + BITS, NativeMemory.IO.getInt(info + BITS) | KEEP_CACHE);
    }

    static void directIo(long info) {
        NativeMemory.IO.putInt(info + BITS, NativeMemory.IO.getInt(info + BITS) | DIRECT_IO);
    }

    static void setHandle(long info, long handle) {
        NativeMemory.IO.putLong(info + HANDLE, handle);
    }

    static long handle(long info) {
        return NativeMemory.IO.getLong(info + HANDLE);
    }
}
