package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseFilesTest {
    @TempDir
    private Path parent;

    @Test
    void aFileHasItsLengthAndWhatIsKnownOfItAndIsGoneAfterwards() throws IOException {
        SparseFiles files = new SparseFiles(parent.resolve("parts"));
        byte[] seen = files.withBlocking(
                10, file -> file.write(ByteBuffer.wrap(new byte[] {1, 2}), 4), SparseFilesTest::bytes);
        assertThat(seen).containsExactly(0, 0, 0, 0, 1, 2, 0, 0, 0, 0);
        assertThat(files.withBlocking(0, file -> {}, SparseFilesTest::bytes)).isEmpty();
        assertThat(files.withBlocking(1, file -> {}, SparseFilesTest::bytes)).hasSize(1);
        assertThatThrownBy(() -> files.withBlocking(10, file -> {}, path -> {
                    throw new IllegalStateException("a defect");
                }))
                .hasMessage("a defect");
        assertThat(left()).isEmpty();
    }

    @Test
    void whatTheDeadLeftIsRemovedAndWhatIsInUseIsNot() throws IOException {
        Path parts = Files.createDirectory(parent.resolve("parts"));
        Files.createFile(parts.resolve("999999999999-1.part"));
        Files.createFile(parts.resolve("nobody-1.part"));
        Files.createFile(parts.resolve("-1.part"));
        Files.createFile(parts.resolve("x.part"));
        String alive = ProcessHandle.current().pid() + "-1.part";
        Files.createFile(parts.resolve(alive));
        Files.createFile(parts.resolve("not ours"));
        new SparseFiles(parts).withBlocking(1, file -> {}, SparseFilesTest::bytes);
        assertThat(left()).containsExactlyInAnyOrder(alive, "not ours");
    }

    @Test
    void aDirectoryThatWasRemovedMeanwhileIsMadeAgain() throws IOException {
        SparseFiles files = new SparseFiles(parent.resolve("parts"));
        files.withBlocking(1, file -> {}, SparseFilesTest::bytes);
        Files.delete(parent.resolve("parts"));
        assertThat(files.withBlocking(1, file -> {}, SparseFilesTest::bytes)).hasSize(1);
    }

    @Test
    void thatThereCannotBeOneSaysNothingOfTheRemoteFile() throws IOException {
        Files.createFile(parent.resolve("parts"));
        SparseFiles files = new SparseFiles(parent.resolve("parts"));
        assertThatThrownBy(() -> files.withBlocking(1, file -> {}, SparseFilesTest::bytes))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERNAL));
        SparseFiles good = new SparseFiles(parent.resolve("others"));
        assertThatThrownBy(() -> good.withBlocking(
                        1,
                        file -> {
                            throw new IOException("No space left on device");
                        },
                        SparseFilesTest::bytes))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NO_SPACE));
        assertThat(parent.resolve("others")).isEmptyDirectory();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Stream<String> left() throws IOException {
        try (Stream<Path> all = Files.list(parent.resolve("parts"))) {
            return all.map(each -> each.getFileName().toString()).toList().stream();
        }
    }
}
