package dev.musicfs.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** When files were made, as statx(2) tells. The JDK tells it in some versions only, and does not say when it cannot. */
public final class BirthTime {
    private static final int OF_THE_WORKING_DIRECTORY = -100;
    /** Another look was taken just now: what the kernel remembers of it will do. */
    private static final int WITHOUT_ASKING_A_SERVER = 0x4000;

    private static final int INODE = 0x100;
    private static final int BIRTH = 0x800;
    private static final int BYTES = 256;
    private static final int INODE_AT = 32;
    private static final int BIRTH_AT = 80;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private BirthTime() {}

    /**
     * Nanoseconds since the epoch; empty where the file system does not tell, the C library cannot be called, or another
     * file has the path by now. Blocks as a disk does.
     *
     * @param path links followed, without a zero
     * @param inode which file is meant
     */
    public static OptionalLong ofBlocking(byte[] path, long inode) {
        byte[] bytes = new byte[BYTES];
        try {
            int outcome = CLibrary.calls()
                    .statx(
                            OF_THE_WORKING_DIRECTORY,
                            CLibrary.cString(path),
                            WITHOUT_ASKING_A_SERVER,
                            INODE | BIRTH,
                            bytes);
            if (outcome < 0) {
                return OptionalLong.empty();
            }
        } catch (LinkageError e) {
            return OptionalLong.empty();
        }
        ByteBuffer found = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        boolean told = (found.getInt(0) & BIRTH) != 0 && found.getLong(INODE_AT) == inode;
        return told
                ? OptionalLong.of(found.getLong(BIRTH_AT) * SECOND_NANOS + found.getInt(BIRTH_AT + Long.BYTES))
                : OptionalLong.empty();
    }
}
