package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ManualClock clock = new ManualClock();

    @Test
    void drawsABarOnATerminalAndTakesItAway() {
        try (ProgressLine line = line(true)) {
            clock.advance(Duration.ofMillis(200));
            line.reached(1_000, 4_000);
            clock.advance(Duration.ofMillis(199));
            line.reached(2_000, 4_000);
            assertThat(said())
                    .isEqualTo("\r\033[Kverifying [#######                       ] 1,000 of 4,000 chunks (25 %)");
            said.reset();
            clock.advance(Duration.ofMillis(1));
            line.reached(3_999, 4_000);
            assertThat(said()).endsWith("# ] 3,999 of 4,000 chunks (99 %)");
            said.reset();
        }
        assertThat(said()).isEqualTo("\r\033[K");
    }

    @Test
    void printsAPlainLineEveryFiveSecondsElsewhere() {
        try (ProgressLine line = line(false)) {
            line.reached(1, 0);
            clock.advance(Duration.ofMillis(4_999));
            line.reached(2, 0);
            assertThat(said()).isEmpty();
            clock.advance(Duration.ofMillis(1));
            line.reached(3_000, 0);
            line.reached(3_001, 0);
        }
        assertThat(said()).isEqualTo("musicfs: verifying 3,000 chunks\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1048575, 1.0 MiB",
        "9985798963, 9.3 GiB",
        "10737418240, 10.0 GiB",
        "9223372036854775807, 8.0 EiB"
    })
    void writesSizesForPeople(long bytes, String text) {
        assertThat(Sizes.text(bytes)).isEqualTo(text);
    }

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintStream(said, true, StandardCharsets.UTF_8), terminal, clock, "verifying");
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
