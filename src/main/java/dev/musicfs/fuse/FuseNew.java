package dev.musicfs.fuse;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.CLibrary;
import dev.musicfs.posix.LibC;

/**
 * libfuse's {@code fuse_new} of version 2.6. The library also has functions of this name for programs built before
 * 2005, and a search by name alone (dlsym, jnr-ffi) finds the oldest, which takes other arguments.
 */
final class FuseNew {
    private static final String SYMBOL_VERSION = "FUSE_2.6";
    private static final int RTLD_NOW = 2;
    private static final CallContext SHAPE = CallContext.getCallContext(
            Type.POINTER,
            new Type[] {Type.POINTER, Type.POINTER, Type.POINTER, Type.SINT64, Type.POINTER},
            CallingConvention.DEFAULT,
            false);

    private FuseNew() {}

    /** The filesystem, or 0; takes what options are left out of {@code args}. */
    static long call(long channel, long args, long operations, long operationsSizeBytes) {
        LibC libc = CLibrary.calls();
        long library = libc.dlopen(CLibrary.cString(NativeLibraries.LIBFUSE), RTLD_NOW);
        long function = libc.dlvsym(library, CLibrary.cString("fuse_new"), CLibrary.cString(SYMBOL_VERSION));
        if (function == 0) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE, NativeLibraries.LIBFUSE + " is too old; install libfuse 2.9.");
        }
        return Invoker.getInstance().invokeN5(SHAPE, function, channel, args, operations, operationsSizeBytes, 0);
    }
}
