package dev.musicfs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTableTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    private Path dir;

    @Test
    void tellsWhoLocksAFile() throws IOException {
        Path file = Files.createFile(dir.resolve("lock"));
        long inode = (Long) Files.getAttribute(file, "unix:ino");

        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(LockTable.isWriteLockedBlocking(inode, PID)).isFalse();
            FileLock lock = channel.lock();
            assertThat(LockTable.isWriteLockedBlocking(inode, PID)).isTrue();
            assertThat(LockTable.isWriteLockedBlocking(inode, 1)).isFalse();
            lock.release();
            assertThat(LockTable.isWriteLockedBlocking(inode, PID)).isFalse();
        }
    }

    @Test
    void whoWaitsForALockOrReadsDoesNotHaveIt() {
        List<String> lines = List.of(
                "1: POSIX  ADVISORY  WRITE 4711 fe:00:123 0 EOF",
                "1: -> POSIX  ADVISORY  WRITE 4712 fe:00:123 0 EOF",
                "2: FLOCK  ADVISORY  READ 4713 fe:00:123 0 EOF");

        assertThat(LockTable.isWriteLocked(lines, 123, 4711)).isTrue();
        assertThat(LockTable.isWriteLocked(lines, 23, 4711)).isFalse();
        assertThat(LockTable.isWriteLocked(lines, 123, 4712)).isFalse();
        assertThat(LockTable.isWriteLocked(lines, 123, 4713)).isFalse();
    }
}
