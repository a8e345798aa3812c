package dev.musicfs.fuse;

import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;
import jnr.ffi.provider.ClosureManager;

/**
 * {@code struct fuse_operations} of libfuse 2.9: 38 function pointers, a word of flags, 6 more pointers. What is not set
 * stays null, which libfuse answers with ENOSYS. Lives as long as the mount: it keeps the closures from being collected.
 */
final class OperationTable implements AutoCloseable {
    static final int GETATTR = 0;
    static final int MKNOD = 3;
    static final int MKDIR = 4;
    static final int UNLINK = 5;
    static final int RMDIR = 6;
    static final int SYMLINK = 7;
    static final int RENAME = 8;
    static final int LINK = 9;
    static final int CHMOD = 10;
    static final int CHOWN = 11;
    static final int TRUNCATE = 12;
    static final int OPEN = 14;
    static final int READ = 15;
    static final int WRITE = 16;
    static final int STATFS = 17;
    static final int RELEASE = 19;
    static final int SETXATTR = 21;
    static final int GETXATTR = 22;
    static final int LISTXATTR = 23;
    static final int REMOVEXATTR = 24;
    static final int OPENDIR = 25;
    static final int READDIR = 26;
    static final int RELEASEDIR = 27;
    static final int INIT = 29;
    static final int FTRUNCATE = 33;
    static final int FGETATTR = 34;
    static final int UTIMENS = 36;
    static final int FALLOCATE = 44;

    static final long SIZE_BYTES = 45 * 8;
    private static final long FLAGS_OFFSET = 38 * 8;
    private static final int NULLPATH_OK = 1;
    private static final int NOPATH = 1 << 1;
    private static final int UTIME_OMIT_OK = 1 << 2;

    private final NativeMemory struct = new NativeMemory(SIZE_BYTES);
    private final ClosureManager closures = jnr.ffi.Runtime.getSystemRuntime().getClosureManager();
    private final List<Object> strongReferences = new ArrayList<>();

    /** Empty, for operations that find open files by handle and not by path. */
    OperationTable() {
        NativeMemory.IO.putInt(struct.address() + FLAGS_OFFSET, NULLPATH_OK | NOPATH | UTIME_OMIT_OK);
    }

    void set(int slot, Upcall.One callee) {
        put(slot, pointer(Upcall.One.class, callee));
    }

    void set(int slot, Upcall.Two callee) {
        put(slot, pointer(Upcall.Two.class, callee));
    }

    void set(int slot, Upcall.Three callee) {
        put(slot, pointer(Upcall.Three.class, callee));
    }

    void set(int slot, Upcall.Four callee) {
        put(slot, pointer(Upcall.Four.class, callee));
    }

    void set(int slot, Upcall.Five callee) {
        put(slot, pointer(Upcall.Five.class, callee));
    }

    /** The address of a function that calls {@code callee}, valid as long as this table. */
    <T extends Upcall> long pointer(Class<T> shape, T callee) {
        Pointer pointer = closures.getClosurePointer(shape, callee);
        strongReferences.add(callee);
        strongReferences.add(pointer);
        return pointer.address();
    }

    private void put(int slot, long function) {
        NativeMemory.IO.putAddress(struct.address() + slot * 8L, function);
    }

    long address() {
        return struct.address();
    }

    @Override
    public void close() {
        struct.close();
    }
}
