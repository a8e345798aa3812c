package dev.musicfs.posix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** The C library of this process, loaded by the first call to it. For any thread. */
public final class CLibrary {
    private CLibrary() {}

    /** Its functions; a {@link LinkageError} where it cannot be loaded, as when {@code /tmp} is mounted noexec. */
    public static LibC calls() {
        return Loaded.LIBRARY;
    }

    /** errno of this thread's last call into {@link LibC}. */
    public static int lastErrno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }

    /** Text as a C string in UTF-8. */
    public static byte[] cString(String text) {
        return cString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes without a zero as a C string. */
    public static byte[] cString(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static final class Loaded {
        static final LibC LIBRARY =
                LibraryLoader.create(LibC.class).failImmediately().load("libc.so.6");
    }
}
