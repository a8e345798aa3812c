package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.TrackNumber;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people write where the number of a track belongs. */
class TrackTextTest {
    @ParameterizedTest
    @CsvSource({
        "3,03",
        "03/12,03",
        "3 of 12,03",
        "' 5',05",
        "100,100",
        "0,''",
        "'',''",
        "x1y,''",
        "A1,A1",
        "b 12,B12",
        "C-3,C3",
        "d.4,D4",
        "A,A",
        "A1/6,A1",
        "AA1,''",
        "A1234567,''"
    })
    void isReadAsItIsMeant(String written, String shown) {
        assertThat(TrackNumber.text(TagText.track(List.of(written)))).isEqualTo(shown);
    }
}
