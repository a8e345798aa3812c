package dev.musicfs.chunk.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanShutdownMarkerTest {
    @TempDir
    private Path directory;

    private Path index;
    private Path file;
    private CleanShutdownMarker marker;

    @BeforeEach
    void write() throws IOException {
        index = Files.write(directory.resolve("index-1"), new byte[(1 << 20) + 3]);
        file = directory.resolve("clean");
        marker = CleanShutdownMarker.ofBlocking(index, new IndexTotals(1, 2, 3, 4), 5);
        marker.writeBlocking(file);
    }

    @Test
    void isReadAsItWasWrittenAndFitsItsIndexOnly() throws IOException {
        assertThat(CleanShutdownMarker.readBlocking(file)).contains(marker);
        assertThat(marker.fitsBlocking(index)).isTrue();
        Path link = Files.createSymbolicLink(directory.resolve("link"), index);
        assertThat(marker.fitsBlocking(link)).isFalse();
        assertThat(marker.fitsBlocking(directory.resolve("none"))).isFalse();
    }

    @Test
    void doesNotFitAnIndexOfWhichAByteChangedOrIsMissing() throws IOException {
        for (int at : new int[] {0, 1 << 20, (1 << 20) + 2}) {
            byte[] changed = new byte[(1 << 20) + 3];
            changed[at] = 1;
            Files.write(index, changed);
            assertThat(marker.fitsBlocking(index)).isFalse();
        }
        Files.write(index, new byte[(1 << 20) + 2]);
        assertThat(marker.fitsBlocking(index)).isFalse();
    }

    @Test
    void aDamagedOneIsNone() throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == '7' ? '8' : '7';
            Files.writeString(file, text.substring(0, i) + other + text.substring(i + 1));
            assertThat(CleanShutdownMarker.readBlocking(file)).isEmpty();
        }
        Files.writeString(file, text + " ");
        assertThat(CleanShutdownMarker.readBlocking(file)).isEmpty();
        Files.delete(file);
        assertThat(CleanShutdownMarker.readBlocking(file)).isEmpty();
    }

    @Test
    void isGoneOnceItIsRemoved() throws IOException {
        CleanShutdownMarker.removeBlocking(file);
        assertThat(file).doesNotExist();
        CleanShutdownMarker.removeBlocking(file);
        assertThat(file).doesNotExist();
    }
}
