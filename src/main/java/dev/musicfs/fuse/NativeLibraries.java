package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;

/** The native libraries, loaded when they are first asked for. */
final class NativeLibraries {
    static final String LIBFUSE = "libfuse.so.2";

    /** More than {@code struct statvfs} has on any machine. */
    static final int STATVFS_BYTES = 256;

    private NativeLibraries() {}

    /** libfuse 2; {@code UNAVAILABLE} with the remedy when it is not installed. */
    static LibFuse fuse() {
        try {
            return Fuse.LIBRARY;
        } catch (LinkageError e) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "libfuse.so.2 cannot be loaded; install the package libfuse2 (libfuse2t64 on newer systems).",
                    e);
        }
    }

    static LibC c() {
        return C.LIBRARY;
    }

    /** errno of this thread's last call into {@link LibC}. */
    static int lastErrno() {
        return LastError.getLastError(jnr.ffi.Runtime.getSystemRuntime());
    }

    /** Text as a C string in UTF-8. */
    static byte[] cString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static final class Fuse {
        static final LibFuse LIBRARY =
                LibraryLoader.create(LibFuse.class).failImmediately().load(LIBFUSE);
    }

    private static final class C {
        static final LibC LIBRARY =
                LibraryLoader.create(LibC.class).failImmediately().load("libc.so.6");
    }
}
