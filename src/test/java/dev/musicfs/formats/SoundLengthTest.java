package dev.musicfs.formats;

import static dev.musicfs.formats.BuiltBytes.big;
import static dev.musicfs.formats.BuiltBytes.join;
import static dev.musicfs.formats.BuiltBytes.little;
import static dev.musicfs.formats.BuiltBytes.zeros;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.TrackTags;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long formats last whose headers say so in ways of their own. */
class SoundLengthTest {
    @ParameterizedTest
    @CsvSource({"441000,44100,10000", "34359738367,192000,178956971", "1,44100,0", "0,44100,0"})
    void takSaysItInBits(long samples, long rate, long millis) {
        // Low bits first: 6 of codec, 4 of profile, 4 of frame length, 35 of samples, 3 of data type, 18 of rate.
        long low = (samples << 14) | 0x3FFF | ((rate - 6000) << 52);
        long high = (rate - 6000) >>> 12;
        byte[] file = join("tBaK", 1, little(3, 13), little(8, low), little(8, high), zeros(100));

        assertThat(TagRun.tagsOf(file, "tak").durationMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(longs = {441_000, 1_000_000_000})
    void musepackOfTheEighthVersionSaysItInAPacket(long samples) {
        byte[] header = join(zeros(4), 8, varint(samples + 1105), varint(1105), 0x1B, 0x10);
        byte[] file = join("MPCK", "RG", varint(12), zeros(9), "SH", varint(header.length + 3), header, zeros(100));

        assertThat(TagRun.tagsOf(file, "mpc").durationMillis()).isEqualTo(Math.round(samples / 44.1));
    }

    @Test
    void whatNeitherSaysIsUnknown() {
        byte[] tak = join("tBaK", 3, little(3, 13), zeros(100));
        byte[] endless = join("MPCK", "SH", 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, zeros(100));
        byte[] noHeader = join("MPCK", "AP", varint(50), zeros(200));

        assertThat(TagRun.tagsOf(tak, "tak").durationMillis()).isZero();
        assertThat(TagRun.tagsOf(endless, "mpc").durationMillis()).isZero();
        assertThat(TagRun.tagsOf(noHeader, "mpc").durationMillis()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"10,300,300", "64,200,400", "1000,371,371", "1000,200,400"})
    void framesOfAacAreTakenToBeLikeTheFirstOnes(int frames, int even, int odd) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
            file.writeBytes(adts(i % 2 == 0 ? even : odd));
        }

        TrackTags tags = TagRun.tagsOf(file.toByteArray(), "aac");

        double exact = frames * 1024 / 44.1;
        assertThat((double) tags.durationMillis()).isBetween(exact - 1, exact + 1);
        assertThat(tags.bitrateKbps()).isEqualTo((int) (file.size() * 8 / exact));
    }

    /** Of 44.1 kHz, with one block of samples. */
    private static byte[] adts(int length) {
        long header = 0xFFF15080000000L | ((long) length << 13) | 0x1FFC;
        return join(big(7, header), zeros(length - 7));
    }

    private static byte[] varint(long value) {
        byte[] bytes = {(byte) (value & 0x7F)};
        for (long left = value >>> 7; left != 0; left >>>= 7) {
            bytes = join((int) ((left & 0x7F) | 0x80), bytes);
        }
        return bytes;
    }
}
