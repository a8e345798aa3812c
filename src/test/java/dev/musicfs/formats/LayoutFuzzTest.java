package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import dev.musicfs.testkit.Trials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are: a layout inside the file, or CORRUPT; after few steps and few bytes. */
final class LayoutFuzzTest {
    private static final String[] EXTENSIONS = {
        "flac", "mp3", "aac", "ogg", "opus", "m4a", "wav", "aiff", "wv", "ape", "wma", "dsf", ""
    };
    private static final String[] MAGICS = {
        "ID3\u0003\0\0", "ID3\u0004\0\u00C0", "fLaC\0\0\0\"", "OggS\0", "RIFF....WAVE", "RF64....WAVE", "FORM....AIFF",
        "....ftyp", "\0\0\0\u0010moov", "wvpk", "MAC ", "\u00FF\u00FB\u0090\0", "\u00FF\u00F1\u00D0\u0080", ""
    };
    private static final String[] TAILS = {"TAG", "APETAGEX", "LYRICS200", "3DI\u0004\0\u0010", ""};
    private static final int[] EXTREMES = {0, 1, 7, 8, 0x7F7F7F7F, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF8};
    private static final Map<AudioEncoding, byte[]> REAL = new EnumMap<>(AudioEncoding.class);

    @Test
    void survivesRandomBytes() {
        Trials.check(1500, draw -> {
            byte[] bytes = new byte[draw.number(0, 200_000)];
            new Random(draw.anyLong()).nextBytes(bytes);
            put(bytes, 0, draw.of(MAGICS));
            int tail = draw.number(0, TAILS.length - 1);
            put(bytes, bytes.length - new int[] {128, 32, 9, 10, 0}[tail], TAILS[tail]);
            survives(bytes, draw.of(EXTENSIONS));
        });
    }

    @Test
    void survivesMutatedFiles() {
        Trials.check(4000, draw -> mutate(draw.of(AudioEncoding.values()), new Random(draw.anyLong())));
    }

    private static void mutate(AudioEncoding encoding, Random random) throws IOException {
        byte[] bytes = real(encoding).clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            // Mostly where the headers are.
            int reach = random.nextInt(4) > 0 ? 2048 : bytes.length;
            int at = random.nextInt(Math.min(reach, bytes.length - 4));
            int offset = random.nextInt(6) > 0 ? at : bytes.length - 4 - random.nextInt(256);
            switch (random.nextInt(3)) {
                case 0 -> bytes[offset] = (byte) random.nextInt();
                case 1 -> bytes[offset] ^= (byte) (1 << random.nextInt(8));
                default ->
                    ByteBuffer.wrap(bytes)
                            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                            .putInt(offset, EXTREMES[random.nextInt(EXTREMES.length)]);
            }
        }
        int length = random.nextInt(4) > 0 ? bytes.length : random.nextInt(bytes.length + 1);
        survives(Arrays.copyOf(bytes, length), encoding.extension());
    }

    private static synchronized byte[] real(AudioEncoding encoding) throws IOException {
        byte[] known = REAL.get(encoding);
        if (known == null) {
            Spec spec =
                    Spec.of(encoding).withMillis(2000).with("title", "Title").with("artist", "Artist");
            boolean pictures = encoding.extension().matches("flac|mp3|m4a");
            known = Files.readAllBytes(TestAudio.track(pictures ? spec.withPicture() : spec));
            REAL.put(encoding, known);
        }
        return known;
    }

    private static void put(byte[] bytes, int at, String text) {
        for (int i = 0; i < text.length() && at >= 0 && at + i < bytes.length; i++) {
            // A dot leaves what is there.
            if (text.charAt(i) != '.') {
                bytes[at + i] = (byte) text.charAt(i);
            }
        }
    }

    /** Stepwise and at once come to the same. */
    private static void survives(byte[] bytes, String extension) {
        AudioLayout stepwise = layout(() -> LayoutRun.of(bytes, extension).layout());
        AudioLayout atOnce = layout(() -> LayoutRun.knownWhole(bytes, extension));
        assertThat(stepwise).isEqualTo(atOnce);
    }

    private static @Nullable AudioLayout layout(Supplier<AudioLayout> reading) {
        try {
            return reading.get();
        } catch (MusicFsException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            return null;
        }
    }
}
