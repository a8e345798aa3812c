package dev.musicfs.tags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LayoutReaderTest {
    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            names = {"FLAC", "MP3_ID3V23", "MP3_ID3V24"})
    void thePictureIsMarkedWholeAndNothingElse(AudioEncoding encoding) throws IOException {
        Path file = TestAudio.track(Spec.of(encoding).with("title", "T").withPicture());
        byte[] bytes = Files.readAllBytes(file);
        AudioLayout layout = LayoutReader.readBlocking(file, encoding.extension());

        assertThat(layout.pictures()).hasSize(1);
        ByteRange picture = layout.pictures().get(0);
        assertThat(Arrays.copyOfRange(bytes, (int) picture.offset(), (int) picture.end()))
                .isEqualTo(Files.readAllBytes(TestAudio.picture()));
    }
}
