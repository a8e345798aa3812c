package dev.musicfs.content.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FetchSizeTest {
    private static final Duration SOON = Duration.ofMillis(60);
    private static final Duration LATE = Duration.ofSeconds(2);
    private final FetchSize size = new FetchSize();

    @Test
    void growsWhileCallsAreAnsweredSoonUpToAWholeBlock() {
        assertThat(size.bytes()).isEqualTo(256 << 10);
        size.answered(256 << 10, SOON);
        assertThat(size.bytes()).isEqualTo(512 << 10);
        size.answered(512 << 10, SOON);
        size.answered(1 << 20, SOON);
        assertThat(size.bytes()).isEqualTo(1 << 20);
    }

    @Test
    void learnsNothingFromSmallCallsThatCameSoon() {
        size.answered(64 << 10, SOON);
        assertThat(size.bytes()).isEqualTo(256 << 10);
        size.answered(256 << 10, SOON);
        size.answered(256 << 10, SOON);
        assertThat(size.bytes()).isEqualTo(512 << 10);
    }

    @Test
    void staysWhenCallsAreNeitherSoonNorLate() {
        size.answered(256 << 10, SOON);
        size.answered(512 << 10, Duration.ofMillis(600));
        assertThat(size.bytes()).isEqualTo(512 << 10);
    }

    @Test
    void shrinksWhenCallsComeLateWhateverTheirLength() {
        size.answered(256 << 10, SOON);
        size.answered(512 << 10, SOON);
        size.answered(16 << 10, LATE);
        assertThat(size.bytes()).isEqualTo(512 << 10);
        size.answered(1 << 20, LATE);
        size.answered(1 << 20, LATE);
        assertThat(size.bytes()).isEqualTo(256 << 10);
    }

    @Test
    void beginsAnewAfterAFailure() {
        size.answered(256 << 10, SOON);
        size.failed();
        assertThat(size.bytes()).isEqualTo(256 << 10);
    }
}
