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
import java.util.stream.Stream;
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
            // A clock that goes backwards changes nothing.
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(100 - i)));
            assertThat(SetAside.moveBlocking(file))
                    .hasFileName("index.damaged-" + i)
                    .hasContent(Integer.toString(i));
            assertThat(file).doesNotExist();
        }
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("index.damaged-3", "index.damaged-4", "index.damaged-5");
        }
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
