package dev.musicfs.fuse;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How many requests of each kind the kernel has made, by their names in {@code fuse_kernel.h}. */
final class CallCounts {
    private static final String[] NAMES = {
        "OTHER",
        "LOOKUP",
        "FORGET",
        "GETATTR",
        "SETATTR",
        "READLINK",
        "SYMLINK",
        "OTHER",
        "MKNOD",
        "MKDIR",
        "UNLINK",
        "RMDIR",
        "RENAME",
        "LINK",
        "OPEN",
        "READ",
        "WRITE",
        "STATFS",
        "RELEASE",
        "OTHER",
        "FSYNC",
        "SETXATTR",
        "GETXATTR",
        "LISTXATTR",
        "REMOVEXATTR",
        "FLUSH",
        "INIT",
        "OPENDIR",
        "READDIR",
        "RELEASEDIR",
        "FSYNCDIR",
        "GETLK",
        "SETLK",
        "SETLKW",
        "ACCESS",
        "CREATE",
        "INTERRUPT",
        "BMAP",
        "DESTROY",
        "IOCTL",
        "POLL",
        "NOTIFY_REPLY",
        "BATCH_FORGET",
        "FALLOCATE",
        "READDIRPLUS",
        "RENAME2",
        "LSEEK",
        "COPY_FILE_RANGE"
    };

    private final LongAdder[] counts = new LongAdder[NAMES.length];

    CallCounts() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void count(int opcode) {
        counts[opcode > 0 && opcode < counts.length ? opcode : 0].increment();
    }

    /** Those that happened, by name. */
    Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            long count = counts[i].sum();
            if (count > 0) {
                snapshot.merge(NAMES[i], count, Long::sum);
            }
        }
        return snapshot;
    }
}
