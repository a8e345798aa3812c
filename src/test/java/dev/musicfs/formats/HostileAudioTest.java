package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the bytes are, there are tags or a failure of ours that says CORRUPT. */
final class HostileAudioTest {
    private static final int MUTATIONS = 200;

    /** Repeat a run with {@code -Dmusicfs.seed=N}. */
    private static final long SEED = Long.getLong("musicfs.seed", new Random().nextLong());

    private final TagReader reader = new TagReader();

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void survivesMutatedFiles(AudioEncoding encoding) throws IOException {
        byte[] original = original(encoding);
        for (int i = 0; i < MUTATIONS; i++) {
            Random random = new Random(SEED + i);
            byte[] mutated = original.clone();
            int changes = 1 + random.nextInt(16);
            for (int c = 0; c < changes; c++) {
                // Mostly where the headers are.
                int reach = random.nextInt(4) > 0 ? Math.min(512, mutated.length) : mutated.length;
                mutated[random.nextInt(reach)] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xFF;
            }
            survives(encoding, mutated, "mutation " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void survivesTruncatedFiles(AudioEncoding encoding) throws IOException {
        byte[] original = original(encoding);
        for (int length = 0; length < original.length; length += 1 + length / 8) {
            survives(encoding, Arrays.copyOf(original, length), "first " + length + " bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void survivesRandomBytesAfterTheMagic(AudioEncoding encoding) throws IOException {
        byte[] original = original(encoding);
        for (int i = 0; i < 50; i++) {
            Random random = new Random(SEED + i);
            byte[] bytes = new byte[4096];
            random.nextBytes(bytes);
            System.arraycopy(original, 0, bytes, 0, i);
            survives(encoding, bytes, "random bytes after " + i);
        }
    }

    private static byte[] original(AudioEncoding encoding) throws IOException {
        Spec spec = Spec.of(encoding)
                .with("title", "Title")
                .with("artist", "Artist")
                .with("album", "Album")
                .with("date", "1999")
                .with("track", "1/2");
        return Files.readAllBytes(TestAudio.track(spec));
    }

    private void survives(AudioEncoding encoding, byte[] bytes, String what) throws IOException {
        Path file = dir.resolve("hostile." + encoding.extension());
        Files.write(file, bytes);
        try {
            reader.readBlocking(file, encoding.extension());
        } catch (MusicFsException e) {
            assertThat(e.kind()).as("%s, seed %d", what, SEED).isEqualTo(FailureKind.CORRUPT);
        } catch (Throwable t) {
            fail(encoding + ", " + what + ", seed " + SEED, t);
        }
        assertThat(file).as("never written to").hasBinaryContent(bytes);
    }
}
