package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.library.ReadFile;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.tags.TagReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTagSourceTest {
    private static final RealPath PATH = new RealPath("a.aac");
    private static final AudioLayout LAYOUT = AudioLayout.unknown(8);

    @TempDir
    private Path directory;

    private FileVersion version;

    @BeforeEach
    void writeABareStream() throws Exception {
        Files.write(directory.resolve("a.aac"), new byte[] {(byte) 0xFF, (byte) 0xF1, 0, 0, 0, 0, 0, 0});
        version = new FileVersion(8, 1, "");
    }

    @Test
    void readsTheLayoutOfTheFileWhereItIsWanted() {
        ReadFile read = source(Optional.of((file, extension) -> {
                    assertThat(file).isEqualTo(directory.resolve("a.aac"));
                    assertThat(extension).isEqualTo("aac");
                    return LAYOUT;
                }))
                .readBlocking(PATH, version);
        assertThat(read.layout()).contains(LAYOUT);
        assertThat(source(Optional.empty()).readBlocking(PATH, version))
                .isEqualTo(new ReadFile(read.tags(), Optional.empty()));
    }

    @Test
    void aFileWhoseLayoutCannotBeReadHasItsTagsAndNoLayout() {
        for (RuntimeException failure : new RuntimeException[] {
            new MusicFsException(FailureKind.CORRUPT, "no frames"), new IndexOutOfBoundsException("a defect")
        }) {
            ReadFile read = source(Optional.of((file, extension) -> {
                        throw failure;
                    }))
                    .readBlocking(PATH, version);
            assertThat(read.layout()).isEmpty();
            assertThat(read.tags().format()).isEqualTo("aac");
        }
    }

    @Test
    void aDamagedFileFailsAndItsLayoutIsNotAskedFor() throws Exception {
        Files.writeString(directory.resolve("a.aac"), "nonsense");
        boolean[] asked = new boolean[1];
        LocalTagSource source = source(Optional.of((file, extension) -> {
            asked[0] = true;
            return LAYOUT;
        }));
        assertThatThrownBy(() -> source.readBlocking(PATH, version))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        assertThat(asked[0]).isFalse();
    }

    private LocalTagSource source(Optional<LocalTagSource.Layouts> layouts) {
        return new LocalTagSource(path -> directory.resolve(path.value()), new TagReader(), layouts);
    }
}
