package dev.musicfs.origin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.ServerUrl;
import dev.musicfs.testkit.ManualClock;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private final ManualClock clock = new ManualClock();
    private final Pace pace = new Pace(clock);

    /** A server that takes ten requests a second is asked no faster for long, and nothing is refused any more. */
    @Test
    void learnsALimitAndKeepsIt() {
        int refused = 0;
        int lately = 0;
        long allowedAt = 0;
        for (int i = 0; i < 600; i++) {
            clock.advance(pace.reserve());
            boolean within = clock.monotonicNanos() - allowedAt >= 0;
            if (within) {
                allowedAt = clock.monotonicNanos() + Duration.ofMillis(100).toNanos();
            }
            boolean again = pace.answered(answer(within ? 200 : 429, ""), clock.monotonicNanos());
            assertThat(again).isEqualTo(!within);
            refused += within ? 0 : 1;
            lately += within || i < 100 ? 0 : 1;
        }
        assertThat(refused).isBetween(3, 40);
        assertThat(lately).isLessThan(10);
    }

    @Test
    void leavesAServerAloneUntilTheTimeItNamesButNotForHours() {
        pace.answered(answer(503, "7"), clock.monotonicNanos());
        assertThat(pace.reserve()).isEqualTo(Duration.ofSeconds(7));
        clock.advance(Duration.ofSeconds(10));
        assertThat(pace.reserve()).isLessThan(Duration.ofSeconds(1));

        pace.answered(answer(429, "99999999"), clock.monotonicNanos());
        assertThat(pace.reserve()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void takesABare503ForALimitOnlyWhileTheServerAnswersOtherwise() {
        assertThat(pace.answered(answer(503, ""), clock.monotonicNanos())).isFalse();
        pace.answered(answer(200, ""), clock.monotonicNanos());
        assertThat(pace.answered(answer(503, ""), clock.monotonicNanos())).isTrue();
        clock.advance(Duration.ofSeconds(11));
        assertThat(pace.answered(answer(503, ""), clock.monotonicNanos())).isFalse();
        assertThat(pace.answered(answer(500, ""), clock.monotonicNanos())).isFalse();
    }

    private static Response answer(int status, String retryAfter) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (!retryAfter.isEmpty()) {
            headers.add("Retry-After", retryAfter);
        }
        return new Response(HttpUrl.of(ServerUrl.parse("http://h/")), status, headers, Buffer.buffer());
    }
}
