package dev.musicfs.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrnoTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource(Errno.class)
    void isFoundByWhatTheSystemSaysOfIt(Errno errno) {
        String text = errno.untranslated();

        assertThat(Errno.of(new IOException(text))).contains(errno);
        assertThat(Errno.of(new FileSystemException("a", "b", text))).contains(errno);
        assertThat(Errno.of(new FileNotFoundException("/a (b) (" + text + ")"))).contains(errno);
        assertThat(errno.isOf(new IOException(text))).isTrue();
        assertThat(errno.isOf(new IOException(text + " or so"))).isFalse();
        assertThat(Errno.values())
                .filteredOn(each -> each.isOf(new IOException(text)))
                .containsExactly(errno);
        assertThat(errno.negated()).isEqualTo(-errno.number());
    }

    @Test
    void isFoundInWhatTheJdkThrows() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        Path loop = Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));

        assertThat(Errno.ENOENT.isOf(thrown(() -> Files.size(dir.resolve("none")))))
                .isTrue();
        assertThat(Errno.ENOTDIR.isOf(thrown(() -> Files.size(file.resolve("x")))))
                .isTrue();
        assertThat(Errno.ENOTDIR.isOf(thrown(() -> list(file)))).isTrue();
        assertThat(Errno.ELOOP.isOf(thrown(() -> Files.size(loop)))).isTrue();
        assertThat(Errno.EEXIST.isOf(thrown(() -> Files.createFile(file)))).isTrue();
        assertThat(Errno.ENOTEMPTY.isOf(thrown(() -> Files.delete(dir)))).isTrue();
        assertThat(Errno.ENOSPC.isOf(thrown(() -> Files.writeString(Path.of("/dev/full"), "x"))))
                .isTrue();
        assertThat(Errno.EIO.isOf(thrown(() -> Files.readAllBytes(Path.of("/proc/self/mem")))))
                .isTrue();
    }

    @Test
    void whatComesOfNoErrorOfTheSystemHasNone() {
        assertThat(Errno.of(null)).isEmpty();
        assertThat(Errno.of(new IOException())).isEmpty();
        assertThat(Errno.of(new IOException("the disk says: No space left on device")))
                .isEmpty();
        assertThat(Errno.of(new ClosedChannelException())).isEmpty();
        assertThat(Errno.of(new IllegalStateException("No space left on device")))
                .isEmpty();
    }

    @Test
    void aFileThatCannotBeOpenedForWantOfDescriptorsIsNotSaidToBeMissing() {
        assertThat(MusicFsException.kindOf(new FileNotFoundException("a (Too many open files)")))
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(MusicFsException.kindOf(new FileNotFoundException("a (No such file or directory)")))
                .isEqualTo(FailureKind.NOT_FOUND);
        assertThat(MusicFsException.kindOf(new FileNotFoundException("a"))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(MusicFsException.kindOf(new NoSuchFileException("a"))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(MusicFsException.kindOf(new AccessDeniedException("a"))).isEqualTo(FailureKind.REJECTED);
    }

    private static void list(Path directory) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            assertThat(names).isEmpty();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static IOException thrown(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("nothing was thrown");
    }
}
