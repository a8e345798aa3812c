package dev.musicfs.formats;

import static dev.musicfs.formats.BuiltBytes.apeItem;
import static dev.musicfs.formats.BuiltBytes.apeTag;
import static dev.musicfs.formats.BuiltBytes.apic;
import static dev.musicfs.formats.BuiltBytes.atom;
import static dev.musicfs.formats.BuiltBytes.big;
import static dev.musicfs.formats.BuiltBytes.frame23;
import static dev.musicfs.formats.BuiltBytes.frame24;
import static dev.musicfs.formats.BuiltBytes.id3;
import static dev.musicfs.formats.BuiltBytes.join;
import static dev.musicfs.formats.BuiltBytes.little;
import static dev.musicfs.formats.BuiltBytes.mpeg;
import static dev.musicfs.formats.BuiltBytes.riffChunk;
import static dev.musicfs.formats.BuiltBytes.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.TrackTags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** One odd element costs itself; several kinds of tag are one. */
final class OddTagsTest {
    private static final byte[] MPEG = mpeg(20);

    private static byte[] text(String id, String value) {
        return frame23(id, 0, join(0, value));
    }

    private static byte[] tagged(byte[]... odd) {
        return join(id3(3, 0, join(join((Object[]) odd), text("TIT2", "Title"), text("TPE1", "Artist"))), MPEG);
    }

    private static TrackTags mp3(byte[] file) {
        return TagRun.tagsOf(file, "mp3");
    }

    private static byte[] id3v1(String title, int genre) {
        return join("TAG", title, zeros(30 - title.length()), zeros(60), "1998", zeros(28), 0, 7, genre);
    }

    @Test
    void anOddFrameLosesNothingElse() {
        for (byte[] odd : List.of(
                frame23("TSA ", 0, join(0, "Sort")),
                frame23("TT2\0", 0, join(0, "Old")),
                frame23("TXXX", 0, join(0, "no terminator")),
                frame23("PRIV", 0, join("x")),
                frame23("TALB", 0, join(9, "no such encoding")),
                frame23("TALB", 0x80, join(0, "not compressed")),
                frame23("TALB", 0x40, join(0, "encrypted")),
                frame23("TALB", 0, new byte[0]))) {
            TrackTags tags = mp3(tagged(odd));
            assertThat(tags.title()).isEqualTo("Title");
            assertThat(tags.artist()).isEqualTo("Artist");
            assertThat(tags.album()).isEmpty();
        }
    }

    @Test
    void whatComesBeforeAFrameThatIsCutOffIsKept() {
        byte[] cut = join("TALB", big(4, 1_000_000), big(2, 0), 0, "Album");
        TrackTags tags = mp3(join(id3(3, 0, join(text("TIT2", "Title"), cut)), MPEG));
        assertThat(tags.title()).isEqualTo("Title");
        assertThat(tags.durationMillis()).isPositive();
    }

    @Test
    void framesOfTheOldVersionStandInForMissingOnes() {
        assertThat(mp3(tagged(frame23("TAL ", 0, join(0, "Album")))).album()).isEqualTo("Album");
        byte[] old = join("TT2", big(3, 6), 0, "Title", "TYE", big(3, 5), 0, "1998");
        TrackTags tags = mp3(join(id3(2, 0, old), MPEG));
        assertThat(tags.title()).isEqualTo("Title");
        assertThat(tags.year()).isEqualTo(1998);
    }

    @Test
    void yearsOfEveryVersionAreRead() {
        for (String id : List.of("TYER", "TDRC", "TDRL", "TDOR", "TORY")) {
            assertThat(mp3(tagged(text(id, "1998-05-06"))).year()).as(id).isEqualTo(1998);
        }
        assertThat(mp3(tagged(text("TORY", "1970"), text("TDRC", "1998"))).year())
                .isEqualTo(1998);
        assertThat(mp3(tagged(text("TDRC", "200405"))).year()).isEqualTo(2004);
    }

    @Test
    void framesThatUsersNameAreUnderstood() {
        assertThat(mp3(tagged(text("TXXX", "ALBUMARTIST\0Band"))).albumArtist()).isEqualTo("Band");
        assertThat(mp3(tagged(text("TXXX", "Album Artist\0Band"))).albumArtist())
                .isEqualTo("Band");
        assertThat(mp3(tagged(text("TXXX", "compilation\0001"))).compilation()).isTrue();
        assertThat(mp3(tagged(text("TXXX", "ALBUMARTIST\0User"), text("TPE2", "Frame")))
                        .albumArtist())
                .isEqualTo("Frame");
    }

    @Test
    void genresAreNamesWhateverTheyAreWrittenAs() {
        assertThat(mp3(tagged(text("TCON", "(17)"))).genre()).isEqualTo("Rock");
        assertThat(mp3(tagged(text("TCON", "17"))).genre()).isEqualTo("Rock");
        assertThat(mp3(tagged(text("TCON", "(4)Eurodisco"))).genre()).isEqualTo("Eurodisco");
        assertThat(mp3(tagged(text("TCON", "RX"))).genre()).isEqualTo("Remix");
        assertThat(mp3(tagged(text("TCON", "((I think)"))).genre()).isEqualTo("(I think)");
        assertThat(Genres.name(191)).isEqualTo("Psybient");
        assertThat(Genres.name(147)).isEqualTo("Synthpop");
    }

    @Test
    void textsAreReadInEveryEncodingWithAMarkForEachValue() {
        byte[] wide = "Ёлка".getBytes(StandardCharsets.UTF_16LE);
        byte[] marked = join(1, 0xFF, 0xFE, wide, 0, 0, 0xFE, 0xFF, "One".getBytes(StandardCharsets.UTF_16BE), 0, 0);
        assertThat(mp3(tagged(frame23("TALB", 0, marked))).album()).isEqualTo("Ёлка");
        assertThat(mp3(tagged(frame23("TPE2", 0, marked))).albumArtist()).isEqualTo("Ёлка; One");
        byte[] big = join(2, "Ёлка".getBytes(StandardCharsets.UTF_16BE));
        assertThat(mp3(tagged(frame23("TALB", 0, big))).album()).isEqualTo("Ёлка");
        byte[] marked8 = join(3, "\uFEFFЁлка\0".getBytes(StandardCharsets.UTF_8));
        assertThat(mp3(tagged(frame23("TALB", 0, marked8))).album()).isEqualTo("Ёлка");
    }

    @Test
    void encodingsThatLieAreToldOrSaid() throws Exception {
        TagCharset guessed = TagCharset.GUESSED;
        assertThat(guessed.decode("Ёлка и дождь".getBytes("windows-1251"))).isEqualTo("Ёлка и дождь");
        assertThat(guessed.decode("さくらの歌".getBytes("Shift_JIS"))).isEqualTo("さくらの歌");
        assertThat(guessed.decode("Beyoncé".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo("Beyoncé");
        assertThat(guessed.decode("Motörhead – Überjam".getBytes("windows-1252")))
                .isEqualTo("Motörhead – Überjam");
        assertThat(guessed.decode("Beyoncé".getBytes(StandardCharsets.UTF_8))).isEqualTo("Beyoncé");
        byte[] greek = tagged(frame23("TALB", 0, join(0, "Ελλάδα".getBytes("windows-1253"))));
        TagCharset said = new TagCharset(Optional.of(Charset.forName("windows-1253")));
        assertThat(TagRun.of(greek, "mp3", said).tags().album()).isEqualTo("Ελλάδα");
        assertThat(mp3(tagged(frame23("TALB", 0, join(0, "Ёлка и дождь".getBytes("windows-1251")))))
                        .album())
                .isEqualTo("Ёлка и дождь");
    }

    @Test
    void unsynchronisedAndCompressedFramesAreRead() throws IOException {
        byte[] wide = join(1, 0xFF, 0, 0xFE, "Title".getBytes(StandardCharsets.UTF_16LE));
        byte[] whole = join("TIT2", big(4, wide.length - 1L), big(2, 0), wide);
        assertThat(mp3(join(id3(3, 0x80, whole), MPEG)).title()).isEqualTo("Title");
        assertThat(mp3(join(id3(4, 0x80, frame24("TIT2", 0x02, wide)), MPEG)).title())
                .isEqualTo("Title");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(join(0, "Title"));
        }
        byte[] compressed = frame23("TIT2", 0x80, join(big(4, 6), packed.toByteArray()));
        assertThat(mp3(join(id3(3, 0, compressed), MPEG)).title()).isEqualTo("Title");
    }

    @Test
    void kindsOfTagAreMergedFieldByField() {
        byte[] poor = id3(4, 0, frame24("TCON", 0, join(0, "House")));
        TrackTags tags = mp3(join(poor, MPEG, apeTag(true, apeItem("Artist", 0, join("Ape"))), id3v1("Old", 17)));
        assertThat(tags.genre()).isEqualTo("House");
        assertThat(tags.artist()).isEqualTo("Ape");
        assertThat(tags.title()).isEqualTo("Old");
        assertThat(tags.year()).isEqualTo(1998);
        assertThat(tags.track()).isEqualTo(7);
        byte[] blank = id3(3, 0, join(text("TIT2", " "), text("TPE1", "")));
        assertThat(mp3(join(blank, MPEG, id3v1("Old", 17))).title()).isEqualTo("Old");
        assertThat(mp3(join(MPEG, id3v1("Old", 17))).genre()).isEqualTo("Rock");
    }

    @Test
    void theContentSaysWhatAFileIs() {
        byte[] riff = wav(riffChunk("LIST", join("INFO", riffChunk("INAM", join("Title", 0)))));
        assertThat(TagRun.tagsOf(riff, "mp3").title()).isEqualTo("Title");
        assertThat(TagRun.tagsOf(tagged(), "ogg").title()).isEqualTo("Title");
        assertThat(TagRun.tagsOf(tagged(), "ogg").format()).isEqualTo("ogg");
    }

    private static byte[] wav(byte[]... more) {
        byte[] format =
                riffChunk("fmt ", join(little(2, 1), little(2, 1), little(4, 8000), little(4, 16_000), little(4, 0)));
        byte[] body = join("WAVE", format, riffChunk("data", zeros(16_000)), join((Object[]) more));
        return join("RIFF", little(4, body.length), body);
    }

    @Test
    void textsOfWaveFilesAreReadWhateverStandsBesideThem() {
        byte[] unpadded = join(
                "INFO", "INAM", little(4, 5), "Title", "IART", little(4, 7), "Artist", 0, "ICRD", little(4, 4), "1998");
        byte[] picture = riffChunk("id3 ", id3(3, 0, frame23("APIC", 0, apic(zeros(300)))));
        for (byte[] file : List.of(
                wav(riffChunk("LIST", unpadded)),
                wav(riffChunk("LIST", unpadded), picture),
                join(wav(riffChunk("LIST", unpadded)), zeros(3)),
                join(wav(riffChunk("LIST", unpadded)), "and rubbish behind it"),
                join(wav(riffChunk("LIST", unpadded)), id3v1("Other", 0)))) {
            TrackTags tags = TagRun.tagsOf(file, "wav");
            assertThat(tags.title()).isEqualTo("Title");
            assertThat(tags.artist()).isEqualTo("Artist");
            assertThat(tags.year()).isEqualTo(1998);
            assertThat(tags.durationMillis()).isEqualTo(1000);
        }
    }

    private static byte[] mp4(byte[]... items) {
        byte[] list = atom("ilst", (Object[]) items);
        return join(
                atom("ftyp", "M4A \0\0\0\0"),
                atom("mdat", zeros(1000)),
                atom("moov", atom("udta", atom("meta", zeros(4), atom("hdlr", zeros(25)), list))));
    }

    private static byte[] data(int type, Object... value) {
        return atom("data", big(4, type), zeros(4), join(value));
    }

    @Test
    void itemsOfMp4AreReadAllOfThem() {
        byte[] freeForm = atom(
                "----",
                atom("mean", zeros(4), "com.apple.iTunes"),
                atom("name", zeros(4), "ALBUM ARTIST"),
                data(1, "Band"));
        TrackTags tags = TagRun.tagsOf(
                join(
                        mp4(
                                atom("\u00A9nam", data(1, "Title")),
                                atom("\u00A9ART", data(1, "One"), data(1, "Two")),
                                freeForm,
                                atom("trkn", data(0, 0, 0, 0, 3, 0, 12, 0, 0)),
                                atom("disk", data(0, 0, 0, 0, 1, 0, 2)),
                                atom("cpil", data(21, 1)),
                                atom("gnre", data(0, 0, 18)),
                                atom("\u00A9day", data(1, "1998-01-01T00:00:00Z"))),
                        id3v1("Other", 0)),
                "m4a");
        assertThat(tags)
                .isEqualTo(
                        new TrackTags("Title", "One; Two", "Band", "", "Rock", "", 1998, 3, 1, 2, true, "m4a", 0, 0));
    }

    @Test
    void anItemThatIsLongerThanItsListLosesNothingElse() {
        byte[] odd = join(big(4, 5000), "\u00A9alb", data(1, "Album"));
        assertThat(TagRun.tagsOf(mp4(atom("\u00A9nam", data(1, "Title")), odd), "m4a")
                        .title())
                .isEqualTo("Title");
    }

    @Test
    void aCommentThatIsCutOffLosesNothingBeforeIt() {
        byte[] good = "TITLE=Title".getBytes(StandardCharsets.UTF_8);
        byte[] comments =
                join(little(4, 1), "x", little(4, 9), little(4, good.length), good, little(4, 0xFFFFFFFFL), "A");
        byte[] info = join(0, big(3, 34), zeros(34));
        byte[] flac = join("fLaC", info, 0x84, big(3, comments.length), comments, MPEG);
        assertThat(TagRun.tagsOf(flac, "flac").title()).isEqualTo("Title");
        byte[] behindId3 = join(id3(3, 0, text("TIT2", "Title")), "fLaC", 0x80, big(3, 34), zeros(34), MPEG);
        assertThat(TagRun.tagsOf(behindId3, "flac").title()).isEqualTo("Title");
    }

    @Test
    void whatHasNeitherTagsNorSoundIsDamagedAndSaysWhatIsWrong() {
        for (byte[] file : List.of(zeros(0), zeros(100_000), join("fLaC and then nothing that makes sense at all"))) {
            assertThatThrownBy(() -> TagRun.tagsOf(file, "flac"))
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        }
        assertThatThrownBy(() -> TagRun.tagsOf(zeros(0), "mp3")).hasMessageContaining("it is empty");
    }
}
