package dev.musicfs.origin.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final ManualClock clock = new ManualClock();
    private final TokenBucket bucket = new TokenBucket(clock, 10);

    @Test
    void aSecondsWorthMayBeTakenAtOnceAndMoreMakesOthersWait() {
        bucket.take(10);
        assertThat(bucket.delay()).isZero();
        bucket.take(5);
        assertThat(bucket.delay()).isEqualTo(Duration.ofMillis(500));
        clock.advance(Duration.ofMillis(499));
        assertThat(bucket.delay()).isEqualTo(Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));
        assertThat(bucket.delay()).isZero();
    }

    @Test
    void whatWasTakenAndNotNeededIsGivenBack() {
        bucket.take(20);
        bucket.take(-5);
        assertThat(bucket.delay()).isEqualTo(Duration.ofMillis(500));
        bucket.take(-100);
        bucket.take(11);
        assertThat(bucket.delay()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void noMoreThanASecondsWorthIsSaved() {
        clock.advance(Duration.ofHours(1));
        bucket.take(11);
        assertThat(bucket.delay()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void withoutALimitNobodyWaits() {
        TokenBucket free = new TokenBucket(clock, 0);
        free.take(Long.MAX_VALUE);
        free.take(1);
        assertThat(free.delay()).isZero();
    }
}
