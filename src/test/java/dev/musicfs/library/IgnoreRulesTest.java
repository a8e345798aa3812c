package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.musicfs.config.LibraryConfig;
import dev.musicfs.model.RealPath;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IgnoreRulesTest {
    private final IgnoreRules defaults = IgnoreRules.of(LibraryConfig.DEFAULTS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#recycle",
                "nas/@Recycle",
                "$Recycle.Bin",
                ".Trash-1000",
                ".trash",
                "album/@eaDir",
                ".stfolder",
                ".stversions",
                "album/._01.flac",
                "song.mp3.part",
                ".syncthing.song.mp3.tmp"
            })
    void recycleBinsAndWhatServersPutBesideFilesIsPassedOver(String path) {
        assertThat(defaults.passesOver(new RealPath(path), true)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Metallica/...And Justice for All",
                "...Baby One More Time.mp3",
                ".38 Special",
                "Recycle",
                "trash.mp3",
                "(unreleased)/a.mp3",
                "A Part of Me.mp3"
            })
    void namesThatOnlyLookSoAreNot(String path) {
        assertThat(defaults.passesOver(new RealPath(path), false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "*.mp3, a/b.MP3, true",
        "b?.mp3, a/b1.mp3, true",
        "b?.mp3, a/b12.mp3, false",
        "Demos, a/b/demos, true",
        "/Demos, a/demos, false",
        "/Demos, demos, true",
        "a/*/c, a/b/c, true",
        "a/*/c, a/b/b/c, false",
        "a/**/c, a/b/b/c, true",
        "a/**/c, a/c, true",
        "**/live, x/y/live, true",
        "live/, x/live, false",
        "*, anything, true"
    })
    void aPatternIsOfANameOrOfAPath(String pattern, String path, boolean fits) {
        assertThat(new Glob(pattern).matches(RealPath.ROOT, new RealPath(path), false))
                .isEqualTo(fits);
    }

    @Test
    void aSlashAtTheEndMeansDirectories() {
        assertThat(new Glob("live/").matches(RealPath.ROOT, new RealPath("x/live"), true))
                .isTrue();
        assertThatThrownBy(() -> new Glob("/")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noPatternTakesLongWhateverItSays() {
        Glob hostile = new Glob("*a".repeat(100) + "b");
        Glob deep = new Glob("**/a/".repeat(70) + "b");
        RealPath name = new RealPath("a".repeat(255));
        RealPath path = new RealPath("a/".repeat(1_000) + "a");
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(hostile.matches(RealPath.ROOT, name, false)).isFalse();
            assertThat(deep.matches(RealPath.ROOT, path, false)).isFalse();
        });
    }

    @Test
    void includesWinAndDirectoriesSayMoreOfThemselves() {
        IgnoreRules rules = IgnoreRules.of(new LibraryConfig(List.of("@eaDir", "*.wav"), List.of("keep.wav")))
                .with(
                        new RealPath("jazz"),
                        """
                        # what is no music here
                        Demos/
                        /live/*.mp3
                        !master.wav
                        \\#1.mp3
                        """);
        assertThat(rules.passesOver(new RealPath("a.wav"), false)).contains("*.wav");
        assertThat(rules.passesOver(new RealPath("keep.wav"), false)).isEmpty();
        assertThat(rules.passesOver(new RealPath("jazz/x/demos"), true)).contains("jazz/.musicfsignore");
        assertThat(rules.passesOver(new RealPath("jazz/x/demos"), false)).isEmpty();
        assertThat(rules.passesOver(new RealPath("rock/demos"), true)).isEmpty();
        assertThat(rules.passesOver(new RealPath("jazz/live/a.mp3"), false)).isPresent();
        assertThat(rules.passesOver(new RealPath("jazz/b/live/a.mp3"), false)).isEmpty();
        assertThat(rules.passesOver(new RealPath("jazz/master.wav"), false)).isEmpty();
        assertThat(rules.passesOver(new RealPath("jazz/#1.mp3"), false)).isPresent();
    }
}
