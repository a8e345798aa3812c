package dev.musicfs.fuse;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.posix.CLibrary;

/** Memory outside the heap that lives as long as a mount; freed in {@link #close}. */
final class NativeMemory implements AutoCloseable {
    static final MemoryIO IO = MemoryIO.getInstance();

    private final long address;

    /** So many bytes, zeroed. */
    NativeMemory(long sizeBytes) {
        this.address = IO.allocateMemory(sizeBytes, true);
        if (address == 0) {
            throw new OutOfMemoryError("no native memory");
        }
    }

    /** A C string. */
    static NativeMemory ofString(String text) {
        byte[] bytes = CLibrary.cString(text);
        NativeMemory memory = new NativeMemory(bytes.length);
        IO.putByteArray(memory.address, bytes, 0, bytes.length);
        return memory;
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        IO.freeMemory(address);
    }
}
