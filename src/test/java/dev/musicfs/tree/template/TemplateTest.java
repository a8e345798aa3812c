package dev.musicfs.tree.template;

import static dev.musicfs.tree.Tracks.tags;
import static dev.musicfs.tree.Tracks.track;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.TrackTags;
import dev.musicfs.tree.Tracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {
    private static final TrackTags FULL = new TrackTags(
            "One/Two", "The Beatles", "", "Abbey Road", "Rock; Pop", "", 1969, 3, 2, 2, false, "flac", 1, 900);

    private static String place(String template, TrackTags tags) {
        return String.join(
                "|", Template.parse(template).place(track(1, "dir/own name.flac", tags), AlbumFields.alone(tags)));
    }

    private static String byDefault(TrackTags tags) {
        return String.join("|", Template.DEFAULT.place(track(1, "dir/own name.flac", tags), AlbumFields.alone(tags)));
    }

    @Test
    void theDefaultTemplateNamesArtistAlbumAndTrack() {
        assertThat(byDefault(FULL)).isEqualTo("The Beatles|Abbey Road (1969) [FLAC]|2-03 - One_Two.flac");
        assertThat(byDefault(tags("A", "B", 1, "C"))).isEqualTo("A|B [FLAC]|01 - C.flac");
    }

    @Test
    void missingTagsHaveStandIns() {
        assertThat(byDefault(TrackTags.unknown("mp3"))).isEqualTo("Unknown Artist|dir [MP3]|own name.mp3");
        assertThat(byDefault(tags("A", "B", 0, "C"))).isEqualTo("A|B [FLAC]|C.flac");
        assertThat(byDefault(tags("A", "B", 7, ""))).isEqualTo("A|B [FLAC]|07 - own name.flac");
    }

    @ParameterizedTest
    @CsvSource({"a.b.flac, a.b", ".flac, _flac", "x.flac, x", "none, none"})
    void aTrackWithoutATitleHasItsFilesNameWithoutTheExtension(String file, String expected) {
        assertThat(Template.parse("$title")
                        .place(
                                track(1, "dir/" + file, TrackTags.unknown("mp3")),
                                AlbumFields.alone(TrackTags.unknown("mp3"))))
                .containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 01 - T", "1, 0, 01 - T", "1, 1, 01 - T", "2, 0, 2-01 - T", "1, 2, 1-01 - T", "0, 2, 01 - T"})
    void theDiscIsNamedWhenThereAreSeveral(int disc, int discs, String expected) {
        TrackTags tags = new TrackTags("T", "A", "", "B", "", "", 0, 1, disc, discs, false, "mp3", 0, 0);
        assertThat(byDefault(tags)).isEqualTo("A|B [MP3]|" + expected + ".mp3");
    }

    @Test
    void spacesAroundATagAreNotOfIt() {
        TrackTags tags = new TrackTags(" T ", " A", "  ", "B ", "", "", 0, 1, 0, 0, false, "mp3", 0, 0);
        assertThat(byDefault(tags)).isEqualTo("A|B [MP3]|01 - T.mp3");
    }

    @Test
    void compilationsAreByVariousArtists() {
        TrackTags tags = new TrackTags("T", "A", "", "B", "", "", 0, 1, 0, 0, true, "mp3", 0, 0);
        assertThat(byDefault(tags)).isEqualTo("Various Artists|B [MP3]|01 - T.mp3");
        TrackTags named = new TrackTags("T", "A", "DJ", "B", "", "", 0, 1, 0, 0, true, "mp3", 0, 0);
        assertThat(byDefault(named)).startsWith("DJ|");
    }

    @Test
    void aDamagedFileKeepsItsOwnName() {
        assertThat(Template.DEFAULT.place(Tracks.damaged(1, "a/b.flac"), AlbumFields.alone(TrackTags.unknown("flac"))))
                .containsExactly("Unknown Artist", "a [FLAC]", "b.flac");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "%lower{$artist}#the beatles",
                "%upper{${album}}x#ABBEY ROADx",
                "%title{%lower{$album}}#Abbey Road",
                "%the{$artist}#Beatles, The",
                "%first{$genre}#Rock",
                "%first{$genre,1,1}#Pop",
                "%left{$album,3}-%right{$album,4}#Abb-Road",
                "%left{%the{$artist},1}/$title#B|One_Two",
                "%if{$composer,a,b}#b",
                "%if{$composer,a}x#x",
                "%if{0,a,b}#b",
                "%ifdef{genre}#Rock; Pop",
                "%ifdef{composer,by $composer,nobody}#nobody",
                "%if{1,a$,b$}}#a,b}",
                "$$5 $% a,b}#$5 % a,b}",
                "%asciify{Björk – Æ}#Bjork - AE",
                "%if{$composer,$composer}/$title#One_Two",
                "$composer - $title#One_Two",
                "$title - $composer - $album#One_Two - Abbey Road",
                "$year $track $disc $disctotal $format $bitrate $multidisc#1969 03 2 2 flac 900 1",
                "%if{false,a,b}%if{ FALSE ,a,b}%if{+0,a,b}%if{-1,a,b}%if{ 2 ,a,b}#bbbaa",
                "%ifdef{ genre ,yes}%ifdef{composer}x#yesx",
                "%first{a; b; c; d,2,1}#b; c",
                "%first{a|b|c,2,0,|,+}#a+b",
                "%first{a; b,-1}%first{a; b,1,-1}%first{a; b,many}#aa",
                "%left{$album,9}%left{$album,10}%left{$album,-1}#Abbey RoaAbbey Road",
                "%right{$album,9}%right{$album,10}%right{$album,-1}#bbey RoadAbbey Road",
                "%left{\ud83c\udfb5ab,2}%right{ab\ud83c\udfb5,2}#\ud83c\udfb5ab\ud83c\udfb5",
                "%title{ \ud83c\udfb5X  yY }#\ud83c\udfb5x Yy",
                "%the{A Day}%the{an hour}%the{Theory}#Day, Ahour, anTheory",
                "%asciify{\u201cł\u201d \u65e5~}#\"l\" _~",
                "%the{%left{$artist,5}}%upper{%lower{A$,}}#B, TheA,",
            })
    void speaksTheDialectOfBeets(String template, String expected) {
        assertThat(place(template, FULL)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a/$nothing#column 3: unknown field \"nothing\"",
                "$#column 1: a field name",
                "${title#column 1: \"${title\" is not closed",
                "x%foo{a}#column 2: unknown function \"foo\"",
                "%upper#column 7: \"{\" must follow",
                "%upper{a#column 1: \"%upper{\" is not closed",
                "%upper{a,b}#column 1: \"%upper\" takes 1 to 1 arguments, not 2",
                "%if{a}#column 1: \"%if\" takes 2 to 3 arguments, not 1",
                "%#column 1: a function name",
                "ab%{a}#column 3: a function name",
                "${#column 1: a field name",
                "%upper a#column 7: \"{\" must follow",
                "%ifdef{}#column 8: \"%ifdef\" takes the bare name",
                "%ifdef{a$year}#column 8: \"%ifdef\" takes the bare name",
                "x/%upper{$nothing}#column 10: unknown field \"nothing\"",
                "%ifdef{nope,a}#column 8: unknown field \"nope\"",
                "%ifdef{$year}#column 8: \"%ifdef\" takes the bare name",
                "a/#column 3: a file name is missing",
            })
    void aBadTemplateIsRefusedWithItsColumn(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "$track - $title,- Dash,- Dash",
        "$track - $title,_ - x,_ - x",
        "$track - $title,. dot,_ dot",
        "$genre - $title - $composer - $track.$format,-,- - .flac",
        "%lower{$genre} - %lower{$title}.x,- A,- a.x"
    })
    void whatSeparatesNamesInAValueIsNotEdited(String template, String title, String expected) {
        assertThat(place(template, tagsOf(title))).isEqualTo(expected);
    }

    private static TrackTags tagsOf(String title) {
        return new TrackTags(title, "", "", "", "", "", 0, 0, 0, 0, false, "flac", 0, 0);
    }
}
