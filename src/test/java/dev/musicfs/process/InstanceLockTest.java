package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLockTest {
    @TempDir
    Path dir;

    @Test
    @Resilience("3.9")
    void secondTakerIsRefusedWithTheOwnersPid() {
        try (InstanceLock first = InstanceLock.take(dir.resolve("cache"))) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> InstanceLock.take(dir.resolve("cache")))
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REJECTED))
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void aCommandsLockSaysThatNoDaemonHasIt() {
        Path cache = dir.resolve("cache");
        assertThat(InstanceLock.isFree(cache)).as("nobody ever had it").isTrue();
        long pid = ProcessHandle.current().pid();
        try (InstanceLock command = InstanceLock.takeForCommand(cache)) {
            assertThat(command).isNotNull();
            assertThat(InstanceLock.isCommands(cache)).isTrue();
            assertThat(InstanceLock.owner(cache)).hasValue(pid);
            assertThat(InstanceLock.isFree(cache)).isFalse();
            assertThatThrownBy(() -> InstanceLock.take(cache)).hasMessageContaining("process " + pid + ";");
        }
        assertThat(InstanceLock.isFree(cache)).isTrue();
        try (InstanceLock daemon = InstanceLock.take(cache)) {
            assertThat(daemon).isNotNull();
            assertThat(InstanceLock.isCommands(cache)).isFalse();
        }
    }

    @Test
    void lockFileLeftBehindLocksNobodyOut() throws IOException {
        Files.writeString(dir.resolve("musicfs.lock"), "4711");
        try (InstanceLock lock = InstanceLock.take(dir)) {
            assertThat(lock).isNotNull();
            assertThat(Files.readString(dir.resolve("musicfs.lock")))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    @Resilience("6.7")
    void aLockFileThatIsALinkIsNotFollowed() throws IOException {
        Path target = Files.writeString(dir.resolve("somebody's"), "somebody's");
        Files.createSymbolicLink(dir.resolve("musicfs.lock"), target);
        assertThatThrownBy(() -> InstanceLock.take(dir))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REJECTED))
                .hasMessageContainingAll(dir.toString(), "a link in place of musicfs.lock", "remove it");
        assertThat(target).hasContent("somebody's");
    }

    @Test
    @Resilience("6.7")
    void aDirectoryInTheLockFilesPlaceIsNamed() throws IOException {
        Path directory = Files.createDirectory(dir.resolve("musicfs.lock"));
        assertThatThrownBy(() -> InstanceLock.take(dir))
                .isInstanceOf(MusicFsException.class)
                .hasMessageContainingAll(directory.toString(), "not a regular file", "remove it");
    }

    @Test
    void whateverTheLockFileHoldsItIsTaken() throws IOException {
        Files.write(dir.resolve("musicfs.lock"), new byte[] {0, -1, 7, 100});
        try (InstanceLock lock = InstanceLock.take(dir)) {
            assertThat(lock).isNotNull();
            assertThat(InstanceLock.owner(dir)).hasValue(ProcessHandle.current().pid());
        }
    }

    @Test
    @Resilience("6.7")
    void cacheDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThatThrownBy(() -> InstanceLock.take(file.resolve("cache")))
                .isInstanceOf(MusicFsException.class)
                .hasMessageContaining(file.resolve("cache").toString());
    }
}
