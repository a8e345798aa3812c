package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jaudiotagger.audio.AudioFile;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.tag.FieldKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TagReaderTest {
    private final TagReader reader = new TagReader();

    @TempDir
    private Path dir;

    private static Spec tagged(AudioEncoding encoding) {
        return Spec.of(encoding)
                .with("title", "Ёлка")
                .with("artist", "東京ノイズ 🎧")
                .with("album_artist", "Various")
                .with("album", "أغاني")
                .with("genre", "Ambient")
                .with("composer", "A. Mason")
                .with("date", "1999-03-01")
                .with("track", "3/12")
                .with("disc", "1/2")
                .with("compilation", "1");
    }

    private TrackTags read(Spec spec) {
        return reader.readBlocking(TestAudio.track(spec), spec.encoding().extension());
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"WAV", "ADTS"})
    void readsEveryTagOfEveryFormat(AudioEncoding encoding) {
        TrackTags tags = read(tagged(encoding));

        String format = encoding == AudioEncoding.OGG_FLAC ? "ogg" : encoding.extension();
        assertThat(tags)
                .usingRecursiveComparison()
                .ignoringFields("durationMillis", "bitrateKbps")
                .isEqualTo(new TrackTags(
                        "Ёлка",
                        "東京ノイズ 🎧",
                        "Various",
                        "أغاني",
                        "Ambient",
                        "A. Mason",
                        1999,
                        3,
                        1,
                        2,
                        true,
                        format,
                        0,
                        0));
        if (encoding != AudioEncoding.WAVPACK) {
            assertThat(tags.durationMillis()).isBetween(380L, 520L);
            assertThat(tags.bitrateKbps()).isPositive();
        }
    }

    @Test
    void readsWhatWaveFilesCanHold() {
        TrackTags tags = read(tagged(AudioEncoding.WAV));

        assertThat(tags.title()).isEqualTo("Ёлка");
        assertThat(tags.artist()).isEqualTo("東京ノイズ 🎧");
        assertThat(tags.album()).isEqualTo("أغاني");
        assertThat(tags.year()).isEqualTo(1999);
        assertThat(tags.durationMillis()).isBetween(380L, 420L);
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void takesFilesWithoutTagsForWhatTheyAre(AudioEncoding encoding) {
        TrackTags tags = read(Spec.of(encoding));

        assertThat(tags.title()).isEmpty();
        assertThat(tags.artist()).isEmpty();
        assertThat(tags.year()).isZero();
    }

    @Test
    void choosesTheParserByTheGivenExtensionWhateverTheFileIsCalled() {
        Path odd = TestAudio.copy(tagged(AudioEncoding.FLAC), dir.resolve("1f3a.tmp"));

        assertThat(reader.readBlocking(odd, "FLAC").title()).isEqualTo("Ёлка");
    }

    @Test
    void joinsSeveralArtistsAndComposesDecomposedLetters() throws Exception {
        Path file = TestAudio.copy(tagged(AudioEncoding.FLAC), dir.resolve("two.flac"));
        AudioFile library = AudioFileIO.read(file.toFile());
        library.getTag().setField(FieldKey.TITLE, "  " + Normalizer.normalize("Ёлка", Normalizer.Form.NFD) + "\t");
        library.getTag().setField(FieldKey.ARTIST, "One ");
        library.getTag().addField(FieldKey.ARTIST, "Two");
        library.commit();

        TrackTags tags = reader.readBlocking(file, "flac");

        assertThat(tags.title()).isEqualTo("Ёлка");
        assertThat(tags.artist()).isEqualTo("One; Two");
        assertThat(TagText.joined(List.of("One ", "Two\0Three", "One"))).isEqualTo("One; Two; Three");
    }

    @Test
    void readsTheCompilationFrameAndSeveralArtistsOfId3() throws Exception {
        Path file = TestAudio.copy(Spec.of(AudioEncoding.MP3_ID3V24).with("title", "T"), dir.resolve("c.mp3"));
        AudioFile library = AudioFileIO.read(file.toFile());
        library.getTag().setField(FieldKey.IS_COMPILATION, "1");
        library.getTag().addField(FieldKey.ARTIST, "One");
        library.getTag().addField(FieldKey.ARTIST, "Two");
        library.commit();

        assertThat(reader.readBlocking(file, "mp3").compilation()).isTrue();
        assertThat(reader.readBlocking(file, "mp3").artist()).isEqualTo("One; Two");
    }

    @Test
    void understandsTheFormsOfDatesAndNumbers() {
        assertThat(TagText.year(List.of("", "1999-03-01"))).isEqualTo(1999);
        assertThat(TagText.year(List.of("01.03.1999"))).isEqualTo(1999);
        assertThat(TagText.year(List.of("19990301"))).isEqualTo(1999);
        assertThat(TagText.year(List.of("unknown", "12"))).isZero();
        assertThat(TagText.number(List.of(" 03 / 12"))).isEqualTo(3);
        assertThat(TagText.total(List.of(" 03 / 12"))).isEqualTo(12);
        assertThat(TagText.number(List.of("A1"))).isZero();
        assertThat(TagText.clean("a\uDC80b\0c")).isEqualTo("a\uFFFDb c");
    }

    @Test
    void readsPicturesPast() {
        for (AudioEncoding encoding : List.of(AudioEncoding.FLAC, AudioEncoding.MP3_ID3V23, AudioEncoding.M4A_AAC)) {
            assertThat(read(tagged(encoding).withPicture()).album()).isEqualTo("أغاني");
        }
    }

    @Test
    void readsFilesWhoseNamesAreNotUtf8() throws Exception {
        Path plain = TestAudio.copy(tagged(AudioEncoding.FLAC), dir.resolve("plain.flac"));
        Process move = new ProcessBuilder(
                        "sh", "-c", "mv \"$0\" \"$1/$(printf 'caf\\351.flac')\"", plain.toString(), dir.toString())
                .start();
        assertThat(move.waitFor()).isZero();
        try (Stream<Path> files = Files.list(dir)) {
            Path latin = files.findFirst().orElseThrow();
            assertThat(reader.readBlocking(latin, "flac").title()).isEqualTo("Ёлка");
        }
    }

    @Test
    void tellsWhatIsNotThereFromWhatIsDamaged() throws IOException {
        Path empty = Files.createFile(dir.resolve("empty.flac"));

        assertThat(failureOf(dir.resolve("none.mp3"), "mp3")).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(failureOf(dir.resolve("none.opus"), "opus")).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(failureOf(dir, "flac")).isEqualTo(FailureKind.INVALID);
        assertThat(failureOf(empty, "txt")).isEqualTo(FailureKind.INVALID);
        for (String extension :
                List.of("flac", "mp3", "ogg", "opus", "m4a", "wav", "aiff", "wma", "ape", "wv", "aac", "dsf")) {
            assertThat(failureOf(empty, extension)).as(extension).isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void readsTheWholeSamplerLibrary() throws IOException {
        TestAudio.library(dir);
        List<String> damaged = new ArrayList<>();
        List<TrackTags> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String extension = new RealPath(dir.relativize(file).toString()).extension();
                if (AudioFormats.isAudio(extension)) {
                    try {
                        all.add(reader.readBlocking(file, extension));
                    } catch (MusicFsException e) {
                        assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
                        damaged.add(file.getFileName().toString());
                    }
                }
            }
        }
        assertThat(damaged).containsExactly("corrupt.flac");
        assertThat(all).hasSize(30);
        assertThat(all).filteredOn(TrackTags::compilation).hasSize(4);
        assertThat(all).filteredOn(t -> t.discTotal() == 2).hasSize(5);
        assertThat(all).filteredOn(t -> t.title().isEmpty()).hasSize(1);
    }

    @Test
    void knowsTracksAndCoversByName() {
        assertThat(AudioFormats.isAudio("FLAC")).isTrue();
        assertThat(AudioFormats.isAudio("jpg")).isFalse();
        assertThat(AudioFormats.isCover("Folder.JPG")).isTrue();
        assertThat(AudioFormats.isCover("cover")).isFalse();
        assertThat(AudioFormats.isCover("back.jpg")).isFalse();
        assertThat(AudioFormats.coverRank("cover.png")).isLessThan(AudioFormats.coverRank("folder.jpg"));
    }

    private FailureKind failureOf(Path file, String extension) {
        MusicFsException[] caught = new MusicFsException[1];
        assertThatExceptionOfType(MusicFsException.class)
                .isThrownBy(() -> reader.readBlocking(file, extension))
                .satisfies(e -> caught[0] = e);
        return caught[0].kind();
    }
}
