package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.jaudiotagger.audio.AudioFile;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.tag.FieldKey;
import org.jaudiotagger.tag.Tag;
import org.jaudiotagger.tag.images.Artwork;
import org.jaudiotagger.tag.images.ArtworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real files of every encoder, as they are and tagged anew by another program. */
final class LayoutReaderTest {
    private static final String LONG = "long ".repeat(4000);

    @TempDir
    private Path dir;

    private static LayoutRun run(Path file, AudioEncoding encoding) throws IOException {
        LayoutRun run = LayoutRun.of(Files.readAllBytes(file), encoding.extension());
        assertThat(LayoutReader.readBlocking(file, encoding.extension())).isEqualTo(run.layout());
        return run;
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ADTS", "WMA"})
    void longerTagsLeaveTheAudioAsItIs(AudioEncoding encoding) throws IOException {
        LayoutRun plain = run(TestAudio.track(Spec.of(encoding)), encoding);
        LayoutRun tagged = run(TestAudio.track(Spec.of(encoding).with("title", LONG)), encoding);

        assertThat(tagged.file().length).isGreaterThan(plain.file().length + 15_000);
        // Ogg too: the headers are more bytes but not more pages.
        assertThat(tagged.audio()).isEqualTo(plain.audio());
        assertThat(plain.audio().length).isBetween(900, tagged.file().length - 15_000);
        assertThat(tagged.needs()).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            names = {"FLAC", "MP3_ID3V23", "MP3_ID3V24", "M4A_AAC", "M4A_ALAC", "WAV", "AIFF"})
    void aCoverOfTwoMebibytesIsMarkedAndNotFetched(AudioEncoding encoding) throws Exception {
        byte[] cover = cover(2 << 20);
        Path file = TestAudio.copy(Spec.of(encoding).withMillis(3000), dir.resolve("a." + encoding.extension()));
        LayoutRun before = run(file, encoding);
        retag(file, "T", cover);
        LayoutRun after = run(file, encoding);

        assertThat(after.audio()).isEqualTo(before.audio());
        assertThat(after.layout().streamHash()).isEqualTo(before.layout().streamHash());
        assertThat(after.layout().pictures()).hasSize(1);
        assertThat(after.picture(0)).isEqualTo(cover);
        assertThat(after.fetchedBytes()).isLessThanOrEqualTo(128 << 10);
        assertThat(after.needs()).isLessThanOrEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            names = {"FLAC", "MP3_ID3V23", "M4A_AAC"})
    void twelveTracksOfAnAlbumHaveOneCover(AudioEncoding encoding) throws Exception {
        byte[] cover = cover(100_000);
        Set<ByteBuffer> pictures = new HashSet<>();
        Set<ByteBuffer> audio = new HashSet<>();
        for (int track = 1; track <= 12; track++) {
            Path file = dir.resolve(track + "." + encoding.extension());
            TestAudio.copy(Spec.of(encoding).withHertz(400 + track), file);
            retag(file, "Title ".repeat(track), cover);
            LayoutRun run = run(file, encoding);
            pictures.add(ByteBuffer.wrap(run.picture(0)));
            audio.add(ByteBuffer.wrap(run.audio()));
        }
        assertThat(pictures).containsExactly(ByteBuffer.wrap(cover));
        assertThat(audio).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            names = {"FLAC", "MP3_ID3V23", "MP3_ID3V24", "M4A_AAC"})
    void thePictureOfAnotherProgramIsMarkedWholeAndNothingElse(AudioEncoding encoding) throws IOException {
        LayoutRun run = run(TestAudio.track(Spec.of(encoding).with("title", "T").withPicture()), encoding);

        assertThat(run.layout().pictures()).hasSize(1);
        assertThat(run.picture(0)).isEqualTo(Files.readAllBytes(TestAudio.picture()));
    }

    @Test
    void morePagesOfOggHeadersChangeOnlyNumbersAndChecksumsOfTheAudio() throws Exception {
        Path file = TestAudio.copy(Spec.of(AudioEncoding.OGG_VORBIS).withMillis(3000), dir.resolve("a.ogg"));
        LayoutRun before = run(file, AudioEncoding.OGG_VORBIS);
        retag(file, "T", cover(2 << 20));
        LayoutRun after = run(file, AudioEncoding.OGG_VORBIS);

        assertThat(after.audio()).isNotEqualTo(before.audio());
        assertThat(withoutNumbers(after.audio())).isEqualTo(withoutNumbers(before.audio()));
        assertThat(after.layout().pictures()).isEmpty();
        assertThat(after.fetchedBytes()).isLessThanOrEqualTo(128 << 10);
        assertThat(after.needs()).isLessThanOrEqualTo(20);
    }

    @Test
    void flacTellsTheHashOfItsSamplesAlsoInOgg() throws Exception {
        Spec spec = Spec.of(AudioEncoding.FLAC);
        LayoutRun run = run(TestAudio.track(spec), AudioEncoding.FLAC);
        LayoutRun wave = run(TestAudio.track(Spec.of(AudioEncoding.WAV)), AudioEncoding.WAV);

        byte[] md5 = MessageDigest.getInstance("MD5").digest(wave.audio());
        assertThat(run.layout().streamHash()).isEqualTo(HexFormat.of().formatHex(md5));
        byte[] unhashed = run.file().clone();
        for (int i = 26; i < 42; i++) {
            unhashed[i] = 0;
        }
        assertThat(LayoutRun.of(unhashed, "flac").layout().streamHash()).isEmpty();
    }

    @Test
    void whatIsNotLookedIntoIsAllAudio() throws IOException {
        LayoutRun wma = run(TestAudio.track(Spec.of(AudioEncoding.WMA)), AudioEncoding.WMA);
        assertThat(wma.layout()).isEqualTo(AudioLayout.unknown(wma.file().length));
        LayoutRun adts = run(TestAudio.track(Spec.of(AudioEncoding.ADTS)), AudioEncoding.ADTS);
        assertThat(adts.layout()).isEqualTo(AudioLayout.unknown(adts.file().length));
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void theExtensionIsAHintAndWhatIsKnownBesidesChangesNothing(AudioEncoding encoding) throws IOException {
        LayoutRun run = run(TestAudio.track(Spec.of(encoding).with("title", LONG)), encoding);

        assertThat(LayoutRun.of(run.file(), "nonsense").layout()).isEqualTo(run.layout());
        assertThat(LayoutRun.knownWhole(run.file(), encoding.extension())).isEqualTo(run.layout());
    }

    @Test
    void damagedIsNotTheSameAsUnreadable() throws IOException {
        Path noise = Files.write(dir.resolve("noise.mp3"), cover(200_000));
        Path empty = Files.createFile(dir.resolve("empty.flac"));

        assertThat(failureOf(noise)).isEqualTo(FailureKind.CORRUPT);
        assertThat(failureOf(empty)).isEqualTo(FailureKind.CORRUPT);
        assertThat(failureOf(dir)).isEqualTo(FailureKind.INVALID);
        assertThat(failureOf(dir.resolve("none.mp3"))).isEqualTo(FailureKind.NOT_FOUND);
    }

    private static FailureKind failureOf(Path file) {
        MusicFsException[] caught = new MusicFsException[1];
        assertThatExceptionOfType(MusicFsException.class)
                .isThrownBy(() -> LayoutReader.readBlocking(file, "mp3"))
                .satisfies(e -> caught[0] = e);
        return caught[0].kind();
    }

    private static void retag(Path file, String title, byte[] cover) throws Exception {
        AudioFile library = AudioFileIO.read(file.toFile());
        Tag tag = library.getTagOrCreateAndSetDefault();
        tag.setField(FieldKey.TITLE, title);
        Artwork artwork = ArtworkFactory.getNew();
        artwork.setBinaryData(cover);
        artwork.setMimeType("image/jpeg");
        artwork.setPictureType(3);
        tag.setField(artwork);
        library.commit();
    }

    /** A small JPEG, which the other program looks into, with noise behind it. */
    private static byte[] cover(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        byte[] small = Files.readAllBytes(TestAudio.picture());
        System.arraycopy(small, 0, bytes, 0, small.length);
        return bytes;
    }

    /** Sets the sequence number and the checksum of every Ogg page to zero. */
    private static byte[] withoutNumbers(byte[] pages) {
        ByteBuffer bytes = ByteBuffer.wrap(pages.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at < pages.length) {
            assertThat(bytes.getInt(at)).isEqualTo(0x5367674F);
            bytes.putLong(at + 18, 0);
            int segments = pages[at + 26] & 0xFF;
            int length = 27 + segments;
            for (int i = 0; i < segments; i++) {
                length += pages[at + 27 + i] & 0xFF;
            }
            at += length;
        }
        return bytes.array();
    }
}
