package dev.musicfs.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import jnr.ffi.Runtime;

/**
 * How many files a file system may have, which the JDK does not tell.
 *
 * @param total all of them, used or not; 0 on one that makes them as they are needed, such as btrfs
 * @param free those that others than root may still make; negative when the file system does not know
 */
public record Inodes(long total, long free) {
    /** Where {@code f_files} and {@code f_favail} are in {@code struct statvfs}, where a {@code long} has 8 bytes. */
    private static final int FILES = 40;

    private static final int FREE_FOR_OTHERS = 56;
    private static final int WIDE_BYTES = 8;

    /**
     * Those of the file system on which {@code path} is, which has to exist. Empty when the system does not tell: there is
     * no such path, the machine has 32 bits, or the native library cannot be loaded. For any thread; blocks for as long as
     * the file system does not answer.
     */
    public static Optional<Inodes> ofBlocking(Path path) {
        byte[] answer = new byte[Statvfs.BYTES];
        try {
            if (Runtime.getSystemRuntime().longSize() != WIDE_BYTES || Statvfs.callBlocking(path, answer) != 0) {
                return Optional.empty();
            }
        } catch (LinkageError e) {
            return Optional.empty(); // as where /tmp is mounted noexec
        }
        ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
        return Optional.of(new Inodes(fields.getLong(FILES), fields.getLong(FREE_FOR_OTHERS)));
    }

    /** How many files may still be made there; empty where that has no limit or is not known. As {@link #ofBlocking}. */
    public static OptionalLong freeBlocking(Path path) {
        return ofBlocking(path)
                .filter(Inodes::limited)
                .map(inodes -> OptionalLong.of(inodes.free()))
                .orElse(OptionalLong.empty());
    }

    /** Whether there is a limit, and one that is known: CephFS tells of -1 free ones. */
    public boolean limited() {
        return total > 0 && free >= 0;
    }
}
