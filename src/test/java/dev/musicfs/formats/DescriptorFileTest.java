package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorFileTest {
    @TempDir
    Path dir;

    @Test
    void findsItsFileWhileOthersOpenAndCloseTheirs() throws Exception {
        Path target = Files.writeString(dir.resolve("target"), "bytes");
        Path other = Files.writeString(dir.resolve("other"), "others");
        AtomicBoolean end = new AtomicBoolean();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> openAndClose(other, end));
            thread.start();
            others.add(thread);
        }
        try {
            for (int i = 0; i < 1_000; i++) {
                try (DescriptorFile file = DescriptorFile.open(target)) {
                    assertThat(Files.readString(file.file().toPath())).isEqualTo("bytes");
                }
            }
        } finally {
            end.set(true);
            for (Thread thread : others) {
                thread.join();
            }
        }
    }

    @Test
    void aFileThatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> DescriptorFile.open(dir.resolve("absent")).close())
                .isInstanceOf(NoSuchFileException.class);
    }

    private static void openAndClose(Path file, AtomicBoolean end) {
        while (!end.get()) {
            try (InputStream in = Files.newInputStream(file)) {
                assertThat(in.read()).isPositive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
