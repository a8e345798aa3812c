package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetAsideTest {
    @TempDir
    Path dir;

    @Test
    @Resilience("2.4")
    void threeOfANameAreKeptAndThoseAreTheLastThree() throws IOException {
        for (int i = 1; i <= 5; i++) {
            Path file = Files.writeString(dir.resolve("index"), Integer.toString(i));
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(i)));
            assertThat(SetAside.moveBlocking(file).getFileName().toString()).matches("index\\.damaged-[123]");
            assertThat(file).doesNotExist();
        }
        assertThat(dir.resolve("index.damaged-1")).hasContent("4");
        assertThat(dir.resolve("index.damaged-2")).hasContent("5");
        assertThat(dir.resolve("index.damaged-3")).hasContent("3");
    }

    @Test
    void aLinkIsMovedAndNotWhatItLeadsTo() throws IOException {
        Path target = Files.writeString(dir.resolve("target"), "x");
        Path link = Files.createSymbolicLink(dir.resolve("link"), target);
        Path aside = SetAside.moveBlocking(link);
        assertThat(aside).isSymbolicLink().hasContent("x");
        assertThat(target).isRegularFile();
    }

    @Test
    void aDirectoryWithSomethingInItIsNeverPushedOut() throws IOException {
        Path thing = dir.resolve("thing");
        Files.writeString(Files.createDirectory(thing).resolve("mine"), "mine");
        assertThat(SetAside.moveBlocking(thing, 1)).isDirectory();
        Files.writeString(thing, "another");
        assertThatThrownBy(() -> SetAside.moveBlocking(thing, 1)).isInstanceOf(DirectoryNotEmptyException.class);
        assertThat(dir.resolve("thing.damaged-1/mine")).hasContent("mine");
        assertThat(thing).hasContent("another");
    }
}
