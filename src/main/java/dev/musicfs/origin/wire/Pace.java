package dev.musicfs.origin.wire;

import dev.musicfs.failure.WallClock;
import dev.musicfs.runtime.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/**
 * How fast a server may be asked, learnt from its refusals: 429 (too many requests) and 503 (not now). What was learnt is
 * kept: requests are spaced out, and the space shrinks slowly while nothing is refused. A server that names a time
 * (Retry-After) is left alone until then, but for no longer than five minutes. For any thread.
 */
@WallClock("a server may say by date when it is to be asked again")
final class Pace {
    private static final int TOO_MANY = 429;
    private static final int NOT_NOW = 503;
    private static final long FIRST_NANOS = Duration.ofMillis(20).toNanos();
    private static final long DOUBLED_UP_TO_NANOS = Duration.ofMillis(80).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    /** Successes in a row after which it is asked a tenth faster. */
    private static final int SUCCESSES = 200;

    /** A 503 without a time is an outage, and no limit, when nothing was answered for so long. */
    private static final Duration ALIVE = Duration.ofSeconds(10);

    private final Clock clock;
    private long spaceNanos;
    private long nextNanos;
    private long learntNanos;
    private long answeredNanos;
    private boolean answered;
    private int successes;

    Pace(Clock clock) {
        this.clock = clock;
        nextNanos = clock.monotonicNanos();
        learntNanos = nextNanos;
    }

    /** The turn of one request: how long it has to wait. */
    synchronized Duration reserve() {
        long now = clock.monotonicNanos();
        long turn = Math.max(now, nextNanos);
        nextNanos = turn + spaceNanos;
        return Duration.ofNanos(turn - now);
    }

    /**
     * Takes note of an answer to a request that was sent then.
     *
     * @return whether the request may be sent again
     */
    synchronized boolean answered(Response response, long sentNanos) {
        long now = clock.monotonicNanos();
        boolean named = !response.header("Retry-After").isEmpty();
        boolean alive = answered && now - answeredNanos < ALIVE.toNanos();
        if (response.status() == TOO_MANY || (response.status() == NOT_NOW && (named || alive))) {
            refused(response, now, sentNanos);
            return true;
        }
        if (response.status() / 100 != 5) {
            answered = true;
            answeredNanos = now;
            successes++;
            if (successes >= SUCCESSES) {
                successes = 0;
                spaceNanos -= spaceNanos / 10;
            }
        }
        return false;
    }

    private void refused(Response response, long now, long sentNanos) {
        successes = 0;
        // Those that were under way when the last one was refused say nothing new.
        if (sentNanos - learntNanos >= 0) {
            learntNanos = now;
            spaceNanos = spaceNanos == 0
                    ? FIRST_NANOS
                    : Math.min(
                            LONGEST_NANOS,
                            spaceNanos < DOUBLED_UP_TO_NANOS ? spaceNanos * 2 : spaceNanos + spaceNanos / 2);
        }
        nextNanos =
                Math.max(nextNanos, now + pause(response.header("Retry-After")).toNanos());
    }

    private Duration pause(String retryAfter) {
        Duration wanted = SHORTEST_PAUSE;
        try {
            wanted = retryAfter.chars().allMatch(c -> c >= '0' && c <= '9') && !retryAfter.isEmpty()
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : retryAfter.isEmpty()
                            ? SHORTEST_PAUSE
                            : Duration.ofSeconds(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter))
                                            .getEpochSecond()
                                    - TimeUnit.NANOSECONDS.toSeconds(clock.wallNanos()));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            // As if it were not there.
        }
        return wanted.compareTo(SHORTEST_PAUSE) < 0
                ? SHORTEST_PAUSE
                : wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    }
}
