package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import jnr.ffi.LibraryLoader;

/** libfuse 2, loaded by the first call to it. */
final class NativeLibraries {
    private static final String LIBFUSE = "libfuse.so.2";

    private NativeLibraries() {}

    /** Loads it, if it was not loaded before; fails as {@link #fuse}. */
    static void require() {
        LibFuse unused = fuse();
    }

    /** Its functions; {@code UNAVAILABLE} with the remedy when it is not installed. */
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

    private static final class Fuse {
        static final LibFuse LIBRARY =
                LibraryLoader.create(LibFuse.class).failImmediately().load(LIBFUSE);
    }
}
