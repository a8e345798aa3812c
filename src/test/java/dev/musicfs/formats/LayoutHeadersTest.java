package dev.musicfs.formats;

import static dev.musicfs.formats.BuiltBytes.apeItem;
import static dev.musicfs.formats.BuiltBytes.apeTag;
import static dev.musicfs.formats.BuiltBytes.apic;
import static dev.musicfs.formats.BuiltBytes.atom;
import static dev.musicfs.formats.BuiltBytes.big;
import static dev.musicfs.formats.BuiltBytes.frame23;
import static dev.musicfs.formats.BuiltBytes.frame24;
import static dev.musicfs.formats.BuiltBytes.id3;
import static dev.musicfs.formats.BuiltBytes.id3v1;
import static dev.musicfs.formats.BuiltBytes.iffChunk;
import static dev.musicfs.formats.BuiltBytes.join;
import static dev.musicfs.formats.BuiltBytes.little;
import static dev.musicfs.formats.BuiltBytes.lyrics;
import static dev.musicfs.formats.BuiltBytes.mpeg;
import static dev.musicfs.formats.BuiltBytes.noise;
import static dev.musicfs.formats.BuiltBytes.riffChunk;
import static dev.musicfs.formats.BuiltBytes.safe;
import static dev.musicfs.formats.BuiltBytes.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What encoders at hand do not write: headers built by hand. */
final class LayoutHeadersTest {
    private static final byte[] MPEG = mpeg(20);
    private static final byte[] PICTURE = noise(7, 300);
    private static final byte[] TITLE = frame23("TIT2", 0, join(0, "Title"));

    private static void assertLayout(byte[] file, String extension, byte[] audio, byte[]... pictures) {
        LayoutRun run = LayoutRun.of(file, extension);
        assertThat(run.audio()).isEqualTo(audio);
        List<byte[]> found = new ArrayList<>();
        for (int i = 0; i < run.layout().pictures().size(); i++) {
            found.add(run.picture(i));
        }
        assertThat(found).containsExactly(pictures);
    }

    @Test
    void everyTagInARowAndBehindTheAudioIsLeftOut() {
        byte[] last = noise(8, 50);
        byte[] front = join(
                id3(3, 0, join(TITLE, zeros(500))),
                id3(4, 0x10, frame24("APIC", 0, apic(PICTURE))),
                id3(2, 0, join("TT2", big(3, 2), 0, "T")));
        byte[] back = join(
                id3(4, 0x10, frame24("APIC", 0, apic(last))),
                apeTag(true, apeItem("Title", 0, join("T"))),
                lyrics(),
                id3v1());
        assertLayout(join(front, MPEG, back), "mp3", MPEG, PICTURE, last);
        assertLayout(join(front, MPEG, apeTag(false), "TAG+", zeros(223), id3v1()), "mp3", MPEG, PICTURE);
        assertLayout(join(MPEG, id3v1(), apeTag(true)), "mp3", MPEG);
    }

    @Test
    void anUnsynchronisedPictureStaysInTheHeader() {
        byte[] apic23 = frame23("APIC", 0, apic(PICTURE));
        assertLayout(join(id3(3, 0, apic23), MPEG), "mp3", MPEG, PICTURE);
        assertLayout(join(id3(3, 0x80, apic23), MPEG), "mp3", MPEG);
        assertLayout(join(id3(4, 0x80, frame24("APIC", 0, apic(PICTURE))), MPEG), "mp3", MPEG);
        assertLayout(join(id3(4, 0, frame24("APIC", 0x02, apic(PICTURE))), MPEG), "mp3", MPEG);
        assertLayout(join(id3(3, 0, frame23("APIC", 0x80, apic(PICTURE))), MPEG), "mp3", MPEG);
        assertLayout(join(id3(3, 0, frame23("APIC", 0, join(0, "-->\0", 3, "\0http://x"))), MPEG), "mp3", MPEG);
    }

    @Test
    void extendedHeadersAndFrameFlagsAreCounted() {
        byte[] frame = frame23("APIC", 0x20, join(9, apic(PICTURE)));
        assertLayout(
                join(id3(3, 0x40, join(big(4, 6), zeros(6), TITLE, frame, zeros(99))), MPEG), "mp3", MPEG, PICTURE);
        byte[] indicated = join(9, safe(apic(PICTURE).length), apic(PICTURE));
        byte[] frame24 = frame24("APIC", 0x41, indicated);
        assertLayout(join(id3(4, 0x50, join(safe(6), 1, 0, frame24)), MPEG), "mp3", MPEG, PICTURE);
    }

    @Test
    void picturesOfOldTagsAndWideDescriptionsAreFound() {
        byte[] content = join(1, "JPG", 3, "\u00FF\u00FEf\0r\0\0\0", PICTURE);
        assertLayout(join(id3(2, 0, join("PIC", big(3, content.length), content)), MPEG), "mp3", MPEG, PICTURE);
        byte[] wide = join(1, "image/jpeg\0", 3, "\u00FF\u00FE\u0000\u0001\0\0", PICTURE);
        assertLayout(join(id3(3, 0, frame23("APIC", 0, wide)), MPEG), "mp3", MPEG, PICTURE);
        // 2.4 with plain lengths, as old iTunes wrote it.
        byte[] plain = frame23("APIC", 0, apic(PICTURE));
        assertLayout(join(id3(4, 0, join(plain, TITLE, zeros(10))), MPEG), "mp3", MPEG, PICTURE);
    }

    @Test
    void theFirstFrameIsFoundBehindPaddingNobodyCounted() {
        assertLayout(join(id3(3, 0, TITLE), zeros(3000), MPEG), "mp3", MPEG);
        byte[] stray = join(0xFF, 0xFB, 0x90, 0, noise(3, 700));
        assertLayout(join(stray, MPEG), "mp3", MPEG);
        byte[] cut = join(MPEG, mpeg(1)).clone();
        assertLayout(Arrays.copyOf(cut, MPEG.length + 200), "mp3", Arrays.copyOf(cut, MPEG.length + 200));
        assertCorrupt(join(id3(3, 0, TITLE), zeros(70_000), MPEG), "mp3");
    }

    @Test
    void adtsBehindATagIsAudio() throws IOException {
        byte[] adts = Files.readAllBytes(TestAudio.track(Spec.of(AudioEncoding.ADTS)));
        assertLayout(join(id3(3, 0, frame23("APIC", 0, apic(PICTURE))), adts, id3v1()), "aac", adts, PICTURE);
    }

    @Test
    void flacMayHaveTagsOfOtherFormatsAroundIt() throws IOException {
        byte[] flac = Files.readAllBytes(TestAudio.track(Spec.of(AudioEncoding.FLAC)));
        LayoutRun plain = LayoutRun.of(flac, "flac");
        byte[] file = join(id3(3, 0, frame23("APIC", 0, apic(PICTURE))), flac, apeTag(true), id3v1());
        assertLayout(file, "flac", plain.audio(), PICTURE);
        assertThat(LayoutRun.of(file, "flac").layout().streamHash())
                .isEqualTo(plain.layout().streamHash());
    }

    @Test
    void mp4MayHaveItsPartsInAnyOrderAndLengthsOfAnyKind() {
        byte[] audio = noise(1, 5000);
        byte[] ftyp = atom("ftyp", "M4A ", zeros(4));
        byte[] second = noise(2, 90);
        byte[] covers = atom("covr", atom("data", zeros(8), PICTURE), atom("data", zeros(8), second));
        byte[] list = join(atom("hdlr", zeros(24)), atom("ilst", atom("name", zeros(9)), covers));
        byte[] moov = atom("moov", atom("mvhd", zeros(100)), atom("udta", atom("meta", zeros(4), list)));
        byte[] quickTime = atom("moov", atom("meta", list));
        byte[] long64 = join(big(4, 1), "mdat", big(8, audio.length + 16L), audio);
        byte[] toTheEnd = join(big(4, 0), "mdat", audio);
        byte[] free = atom("free", zeros(3000));

        assertLayout(join(ftyp, moov, free, atom("mdat", audio)), "m4a", audio, PICTURE, second);
        assertLayout(join(ftyp, long64, free, moov), "m4a", audio, PICTURE, second);
        assertLayout(join(ftyp, quickTime, toTheEnd), "m4a", audio, PICTURE, second);
        assertLayout(join(ftyp, atom("mdat", zeros(9)), long64, moov, id3v1()), "m4a", audio, PICTURE, second);
        assertCorrupt(join(ftyp, moov), "m4a");
        assertCorrupt(join(ftyp, big(4, 1), "free", big(8, Long.MIN_VALUE), atom("mdat", audio)), "m4a");
    }

    @Test
    void wavesMayBeLongAndHaveChunksOnBothSides() {
        byte[] audio = noise(1, 5001);
        byte[] fmt = riffChunk("fmt ", zeros(16));
        byte[] list = riffChunk("LIST", join("INFO", zeros(33)));
        byte[] tag = riffChunk("id3 ", id3(3, 0, join(frame23("APIC", 0, apic(PICTURE)), zeros(9))));
        byte[] data = riffChunk("data", audio);
        assertLayout(join("RIFF", zeros(4), "WAVE", fmt, list, data, tag, list), "wav", audio, PICTURE);
        assertLayout(join("RIFF", zeros(4), "WAVE", tag, fmt, data), "wav", audio, PICTURE);
        byte[] ds64 = riffChunk("ds64", join(little(8, 9999), little(8, audio.length), zeros(12)));
        byte[] endless = join("data", little(4, 0xFFFFFFFFL), audio, 0);
        assertLayout(join("RF64", little(4, -1), "WAVE", ds64, fmt, endless, tag), "wav", audio, PICTURE);
        assertLayout(join("BW64", little(4, -1), "WAVE", ds64, fmt, endless), "wav", audio);
        assertLayout(join("RIFF", little(4, -1), "WAVE", fmt, endless), "wav", join(audio, 0));
        assertCorrupt(join("RIFF", zeros(4), "WAVE", fmt, list), "wav");
    }

    @Test
    void aiffMayHaveItsTagBeforeOrBehind() {
        byte[] audio = noise(1, 5000);
        byte[] sound = iffChunk("SSND", join(zeros(8), audio));
        byte[] tag = iffChunk("ID3 ", id3(4, 0, frame24("APIC", 0, apic(PICTURE))));
        byte[] common = iffChunk("COMM", zeros(18));
        assertLayout(join("FORM", zeros(4), "AIFF", common, sound, tag), "aiff", audio, PICTURE);
        assertLayout(join("FORM", zeros(4), "AIFC", tag, common, sound), "aifc", audio, PICTURE);
    }

    @Test
    void coversInApeTagsAreFound() {
        byte[] audio = join("MAC ", noise(1, 100_000));
        byte[] big = noise(2, 1 << 20);
        byte[] tag =
                apeTag(true, apeItem("Title", 0, join("T")), apeItem("Cover Art (Front)", 2, join("c.jpg\0", big)));
        assertLayout(join(audio, tag), "ape", audio, big);
        assertThat(LayoutRun.of(join(audio, tag, id3v1()), "ape").fetchedBytes())
                .isLessThanOrEqualTo(128 << 10);
    }

    @Test
    void chainedOggStreamsAreAudioToTheEnd() throws IOException {
        byte[] one = Files.readAllBytes(TestAudio.track(Spec.of(AudioEncoding.OPUS)));
        byte[] chained = join(one, one);
        LayoutRun run = LayoutRun.of(chained, "opus");
        assertThat(run.layout().audioStart())
                .isEqualTo(LayoutRun.of(one, "opus").layout().audioStart());
        assertThat(run.layout().audioEnd()).isEqualTo(chained.length);
    }

    @Test
    void speexTellsHowManyHeadersItHas() {
        byte[] head = join("Speex   ", zeros(60), little(4, 1), zeros(8));
        byte[] audio = page(3, noise(1, 60));
        assertLayout(join(page(0, head), page(1, zeros(20)), page(2, zeros(9)), audio), "ogg", audio);
    }

    @Test
    void headersFarApartAreGivenUp() {
        byte[] block = join(4, big(3, 50_000), zeros(50_000));
        byte[] blocks = join("fLaC", 0, big(3, 34), zeros(34));
        Object[] many = new Object[80];
        Arrays.fill(many, block);
        assertCorrupt(join(blocks, join(many), 0x84, big(3, 0), 0xFF, 0xF8, zeros(100)), "flac");
    }

    @Test
    void rangesAreKeptOnceAndReadAcross() {
        FetchedRanges known = new FetchedRanges(10L << 20);
        byte[] bytes = noise(1, 100);
        known.add(10, ByteBuffer.wrap(bytes, 10, 10));
        known.add(30, ByteBuffer.wrap(bytes, 30, 10));
        assertThat(known.firstUnknown(10, 40)).isEqualTo(20);
        assertThat(known.firstKnown(20, 100)).isEqualTo(30);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        known.add(0, all);
        assertThat(all.remaining()).isEqualTo(100);
        assertThat(known.firstUnknown(0, 200)).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat((byte) known.at(i)).isEqualTo(bytes[i]);
        }
        assertThat(known.room()).isEqualTo(FetchedRanges.MAX_BYTES - 100);
    }

    @Test
    void rangesOutsideTheFileOrBeyondTheBoundAreRefused() {
        FetchedRanges known = new FetchedRanges(10L << 20);
        known.add(1, ByteBuffer.allocate(FetchedRanges.MAX_BYTES));
        // Nothing new.
        known.add(100, ByteBuffer.allocate(1000));
        assertInvalid(() -> known.add(0, ByteBuffer.allocate(1)));
        assertInvalid(() -> known.add((10L << 20) - 1, ByteBuffer.allocate(2)));
        assertInvalid(() -> known.add(-1, ByteBuffer.allocate(2)));
        assertInvalid(() -> known.add(Long.MAX_VALUE, ByteBuffer.allocate(2)));
        assertInvalid(() -> new FetchedRanges(-1));
    }

    private static byte[] page(int number, byte[] packet) {
        return join("OggS", zeros(10), little(4, 77), little(4, number), zeros(4), 1, packet.length, packet);
    }

    private static void assertCorrupt(byte[] file, String extension) {
        assertThatExceptionOfType(MusicFsException.class)
                .isThrownBy(() -> LayoutRun.of(file, extension))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    private static void assertInvalid(Runnable call) {
        assertThatExceptionOfType(MusicFsException.class).isThrownBy(call::run).satisfies(e -> assertThat(e.kind())
                .isEqualTo(FailureKind.INVALID));
    }
}
