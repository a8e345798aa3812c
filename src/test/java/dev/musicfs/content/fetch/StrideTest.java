package dev.musicfs.content.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrideTest {
    private static final Duration SOON = Duration.ofMillis(60);
    private static final Duration LATE = Duration.ofSeconds(2);
    private final Stride stride = new Stride();

    @Test
    void growsWhileCallsAreAnsweredSoonUpToAWholeBlock() {
        assertThat(stride.bytes()).isEqualTo(256 << 10);
        stride.came(256 << 10, SOON);
        assertThat(stride.bytes()).isEqualTo(512 << 10);
        stride.came(512 << 10, SOON);
        stride.came(1 << 20, SOON);
        assertThat(stride.bytes()).isEqualTo(1 << 20);
    }

    @Test
    void learnsNothingFromSmallCallsThatCameSoon() {
        stride.came(64 << 10, SOON);
        assertThat(stride.bytes()).isEqualTo(256 << 10);
        stride.came(256 << 10, SOON);
        stride.came(256 << 10, SOON);
        assertThat(stride.bytes()).isEqualTo(512 << 10);
    }

    @Test
    void staysWhenCallsAreNeitherSoonNorLate() {
        stride.came(256 << 10, SOON);
        stride.came(512 << 10, Duration.ofMillis(600));
        assertThat(stride.bytes()).isEqualTo(512 << 10);
    }

    @Test
    void shrinksWhenCallsComeLateWhateverTheirLength() {
        stride.came(256 << 10, SOON);
        stride.came(512 << 10, SOON);
        stride.came(16 << 10, LATE);
        assertThat(stride.bytes()).isEqualTo(512 << 10);
        stride.came(1 << 20, LATE);
        stride.came(1 << 20, LATE);
        assertThat(stride.bytes()).isEqualTo(256 << 10);
    }

    @Test
    void beginsAnewAfterAFailure() {
        stride.came(256 << 10, SOON);
        stride.failed();
        assertThat(stride.bytes()).isEqualTo(256 << 10);
    }
}
