package dev.musicfs.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kernel's own list of file locks, {@code /proc/locks} (proc_locks(5)). Of processes that this one cannot see, such as
 * those of another container, it shows nothing.
 */
public final class LockTable {
    private static final Path PROCESSES = Path.of("/proc");

    private LockTable() {}

    /**
     * Whether a process has a lock for writing on a file.
     *
     * @param inode the file's number; of two files with the same one on different disks either counts
     */
    public static boolean isWriteLockedBlocking(long inode, long pid) throws IOException {
        // The list costs some 15 ms, for which the kernel waits for all processors.
        return Files.exists(PROCESSES.resolve(Long.toString(pid)))
                && isWriteLocked(Files.readAllLines(PROCESSES.resolve("locks")), inode, pid);
    }

    // "1: POSIX ADVISORY WRITE 4711 fe:00:123 0 EOF". The device is another than stat(2) names on some file systems.
    static boolean isWriteLocked(List<String> lines, long inode, long pid) {
        return lines.stream()
                .map(line -> List.of(line.trim().split(" +")))
                .anyMatch(lock -> lock.size() > 5
                        && lock.get(3).equals("WRITE")
                        && lock.get(4).equals(Long.toString(pid))
                        && lock.get(5).endsWith(":" + inode));
    }
}
