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
import static dev.musicfs.formats.BuiltBytes.noise;
import static dev.musicfs.formats.BuiltBytes.zeros;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Pictures are never loaded to read text, and nothing is allocated by what a header announces. */
final class TagMemoryTest {
    private static final byte[] PICTURE = noise(3, 12 << 20);
    private static final byte[] TITLE = frame23("TIT2", 0, join(0, "Title"));
    private static final long LITTLE = 200 << 10;

    private static void readsLittle(byte[] file, String extension) {
        TagRun run = TagRun.of(file, extension, TagCharset.GUESSED);
        assertThat(run.tags().title()).as(extension).isEqualTo("Title");
        assertThat(run.fetchedBytes()).as(extension).isLessThan(LITTLE);
    }

    @Test
    void picturesArePassedOver() {
        readsLittle(join(id3(3, 0, join(frame23("APIC", 0, apic(PICTURE)), TITLE)), mpeg(20)), "mp3");
        byte[] block = join(big(4, 3), big(4, 0), big(4, 0), zeros(16), big(4, PICTURE.length), PICTURE);
        byte[] comments = join(little(4, 0), little(4, 1), little(4, 11), "TITLE=Title");
        byte[] info = join(0, big(3, 34), zeros(34));
        byte[] flac = join("fLaC", info, 6, big(3, block.length), block, 0x84, big(3, comments.length), comments);
        readsLittle(join(flac, mpeg(20)), "flac");
        byte[] list = atom(
                "ilst",
                atom("covr", atom("data", zeros(8), PICTURE)),
                atom("\u00A9nam", atom("data", big(4, 1), zeros(4), "Title")));
        byte[] movie = atom("moov", atom("udta", atom("meta", zeros(4), list)));
        readsLittle(join(atom("ftyp", "M4A \0\0\0\0"), movie, atom("mdat", zeros(500_000))), "m4a");
        byte[] ape = apeTag(true, apeItem("Cover Art (Front)", 2, PICTURE), apeItem("Title", 0, join("Title")));
        readsLittle(join("MAC ", zeros(500_000), ape), "ape");
    }

    @Test
    void aPictureInCommentsOfOggIsPassedOverWithoutALookAtEachPage() {
        byte[] picture = join("METADATA_BLOCK_PICTURE=", PICTURE);
        byte[] comments = join(
                "\u0003vorbis",
                little(4, 0),
                little(4, 2),
                little(4, picture.length),
                picture,
                little(4, 11),
                "TITLE=Title",
                1);
        byte[] head = join(1, "vorbis", zeros(4), 1, little(4, 44_100), zeros(14));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(page(0, 0, head, true));
        int number = 1;
        int body = 255 * 255;
        for (int from = 0; from < comments.length; from += body) {
            int to = Math.min(comments.length, from + body);
            file.writeBytes(page(number++, 0, Arrays.copyOfRange(comments, from, to), to == comments.length));
        }
        file.writeBytes(page(number, 44_100, zeros(200), true));
        TagRun run = TagRun.of(file.toByteArray(), "ogg", TagCharset.GUESSED);
        assertThat(run.tags().title()).isEqualTo("Title");
        assertThat(run.tags().durationMillis()).isEqualTo(1000);
        assertThat(run.fetchedBytes()).isLessThan(500_000);
    }

    private static byte[] page(int number, long position, byte[] body, boolean ends) {
        int segments = body.length / 255 + (ends ? 1 : 0);
        byte[] lacing = new byte[segments];
        Arrays.fill(lacing, (byte) 255);
        if (ends) {
            lacing[segments - 1] = (byte) (body.length % 255);
        }
        return join(
                "OggS", 0, 0, little(8, position), little(4, 7), little(4, number), zeros(4), segments, lacing, body);
    }

    @Test
    void announcedLengthsAllocateNothing() {
        byte[] info = join(0, big(3, 34), zeros(34));
        byte[] vendor = join("fLaC", info, 0x84, big(3, 40), little(4, 0x7FFFFFFF), zeros(36));
        assertThat(TagRun.tagsOf(join(vendor, mpeg(4)), "flac").title()).isEmpty();
        byte[] frame = join("TALB", big(4, 0x7FFFFFF0), big(2, 0), 0, "A");
        byte[] tag = join("ID3", 3, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F, TITLE, frame);
        assertThat(TagRun.tagsOf(join(tag, mpeg(4)), "mp3").title()).isEqualTo("Title");
        byte[] compressed = frame24("TALB", 0x09, join(0x7F, 0x7F, 0x7F, 0x7F, "nothing compressed"));
        byte[] tag4 = id3(4, 0, join(frame24("TIT2", 0, join(0, "Title")), compressed));
        assertThat(TagRun.tagsOf(join(tag4, mpeg(4)), "mp3").title()).isEqualTo("Title");
        byte[] atom = join(atom("ftyp", "M4A "), big(4, 0x7FFFFFF0), "moov", big(4, 0x7FFFFFE0), "udta");
        byte[] behind = join(atom, Arrays.copyOf(new byte[0], 100));
        assertThat(TagRun.tagsOf(behind, "m4a").title()).isEmpty();
    }

    @Test
    void manySmallOnesEndWithWhatWasFoundUntilThen() {
        byte[] far = frame23("APIC", 0, apic(zeros(40_000)));
        byte[] all = TITLE;
        for (int i = 0; i < 150; i++) {
            all = join(all, far, frame23("TPE1", 0, join(0, "Artist " + i)));
        }
        TagRun run = TagRun.of(join(id3(3, 0, all), mpeg(20)), "mp3", TagCharset.GUESSED);
        assertThat(run.tags().title()).isEqualTo("Title");
        assertThat(run.tags().artist()).startsWith("Artist 0; Artist 1");
    }
}
