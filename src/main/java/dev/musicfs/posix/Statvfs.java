package dev.musicfs.posix;

import java.nio.file.Path;

/** statvfs(3). Blocks for as long as the file system does not answer. */
public final class Statvfs {
    /** More than {@code struct statvfs} has on any machine. */
    static final int BYTES = 256;

    private Statvfs() {}

    /**
     * The errno with which a file system answers, 0 when it is well. Unlike stat(2), which the kernel answers from what it
     * remembers, this asks the process behind a FUSE mount.
     */
    public static int errnoBlocking(Path path) {
        return callBlocking(path, new byte[BYTES]);
    }

    /** The same with the structure, of {@link #BYTES}, filled in. */
    static int callBlocking(Path path, byte[] answer) {
        return CLibrary.calls().statvfs(CLibrary.cString(path.toString()), answer) == 0 ? 0 : CLibrary.lastErrno();
    }
}
