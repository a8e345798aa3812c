package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MusicFilesTest {
    @ParameterizedTest
    @CsvSource({
        "a/b.flac, AUDIO",
        "a/B.MP3, AUDIO",
        "a/cover.jpg, COVER",
        "a/Folder.PNG, COVER",
        "artwork.jpeg, COVER",
        "cover.mp3, AUDIO",
        "a/...And Justice for All.mp3, AUDIO",
        "a/.b.flac, AUDIO"
    })
    void whatBelongsToTheLibraryIsToldByItsName(String path, FileKind kind) {
        assertThat(MusicFiles.kindOf(new RealPath(path))).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".cover.jpg", "a/b.txt", "a/flac", "a/back.jpg", "a/cover.gif", "a/mycover.jpg", "cover", ".flac"
            })
    void everythingElseIsNothingToIt(String path) {
        assertThat(MusicFiles.kindOf(new RealPath(path))).isEmpty();
    }

    @Test
    void theBestCoverIsTheOneThatPeopleMean() {
        String[] bestFirst = {
            "a/Cover.JPG",
            "b/cover.jpg",
            "a/cover.jpeg",
            "a/cover.png",
            "a/folder.jpg",
            "a/folder.png",
            "a/front.jpg",
            "a/artwork.png"
        };
        for (int i = 0; i < bestFirst.length; i++) {
            Stream<FileRow> covers = Stream.of(bestFirst).skip(i).map(MusicFilesTest::row);
            assertThat(MusicFiles.bestCover(covers)).contains(row(bestFirst[i]));
            Stream<FileRow> pair =
                    Stream.of(bestFirst[bestFirst.length - 1], bestFirst[i]).map(MusicFilesTest::row);
            assertThat(MusicFiles.bestCover(pair)).contains(row(bestFirst[i]));
        }
        assertThat(MusicFiles.bestCover(Stream.of())).isEmpty();
    }

    private static FileRow row(String path) {
        return new FileRow(
                1,
                new OriginId("nas"),
                new RealPath(path),
                FileKind.COVER,
                new FileVersion(10, 1, ""),
                0,
                TrackTags.unknown("jpg"),
                true);
    }
}
