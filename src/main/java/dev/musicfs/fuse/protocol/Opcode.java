package dev.musicfs.fuse.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel may ask, by the numbers of {@code enum fuse_opcode} (Linux, include/uapi/linux/fuse.h), with the least
 * that a request of its kind consists of after the header.
 */
public enum Opcode {
    LOOKUP(1, 0, 1),
    FORGET(2, 8, 0),
    GETATTR(3, 0, 0),
    SETATTR(4, 88, 0),
    READLINK(5, 0, 0),
    SYMLINK(6, 0, 2),
    MKNOD(8, 16, 1),
    MKDIR(9, 8, 1),
    UNLINK(10, 0, 1),
    RMDIR(11, 0, 1),
    RENAME(12, 8, 2),
    LINK(13, 8, 1),
    OPEN(14, 8, 0),
    READ(15, 24, 0),
    WRITE(16, 40, 0),
    STATFS(17, 0, 0),
    RELEASE(18, 24, 0),
    FSYNC(20, 16, 0),
    SETXATTR(21, 8, 1),
    GETXATTR(22, 8, 1),
    LISTXATTR(23, 8, 0),
    REMOVEXATTR(24, 0, 1),
    FLUSH(25, 24, 0),
    INIT(26, 16, 0),
    OPENDIR(27, 8, 0),
    READDIR(28, 24, 0),
    RELEASEDIR(29, 24, 0),
    FSYNCDIR(30, 16, 0),
    GETLK(31, 48, 0),
    SETLK(32, 48, 0),
    SETLKW(33, 48, 0),
    ACCESS(34, 8, 0),
    CREATE(35, 16, 1),
    INTERRUPT(36, 8, 0),
    BMAP(37, 16, 0),
    DESTROY(38, 0, 0),
    IOCTL(39, 32, 0),
    POLL(40, 24, 0),
    NOTIFY_REPLY(41, 0, 0),
    BATCH_FORGET(42, 8, 0),
    FALLOCATE(43, 32, 0),
    READDIRPLUS(44, 24, 0),
    RENAME2(45, 16, 2),
    LSEEK(46, 24, 0),
    COPY_FILE_RANGE(47, 56, 0),
    SYNCFS(50, 8, 0),
    TMPFILE(51, 16, 1),
    STATX(52, 24, 0);

    private static final Opcode[] BY_NUMBER = new Opcode[64];

    static {
        for (Opcode opcode : values()) {
            BY_NUMBER[opcode.number] = opcode;
        }
    }

    private final int number;
    private final int bodyBytes;
    private final int names;

    Opcode(int number, int bodyBytes, int names) {
        this.number = number;
        this.bodyBytes = bodyBytes;
        this.names = names;
    }

    /** The one with this number; null when it is none of these. */
    public static @Nullable Opcode of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** Its number in the kernel's header file. */
    public int number() {
        return number;
    }

    /** Whether the asker waits for a reply; nothing may be sent otherwise. */
    public boolean wantsReply() {
        return switch (this) {
            case FORGET, BATCH_FORGET, NOTIFY_REPLY, INTERRUPT -> false;
            default -> true;
        };
    }

    /** Bytes of the fixed part after the header, at least. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** Strings, each with a NUL after it, after the fixed part. */
    int names() {
        return names;
    }
}
