package dev.musicfs.origin.guard;

import dev.musicfs.runtime.Clock;
import java.time.Duration;

/**
 * Limits a rate: one second's worth may be taken at once; taking more than there is makes those who come after wait. For
 * any thread.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final Clock clock;
    private final double perSecond;
    private double left;
    private long filledNanos;

    /** @param perSecond 0 for no limit */
    TokenBucket(Clock clock, long perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.left = perSecond;
        this.filledNanos = clock.monotonicNanos();
    }

    /** How long a request that came now would have to wait. */
    synchronized Duration delay() {
        if (perSecond == 0) {
            return Duration.ZERO;
        }
        fill();
        return left >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-left / perSecond * NANOS));
    }

    /** Takes some; negative gives back what was taken and not needed. */
    synchronized void take(long amount) {
        if (perSecond > 0) {
            fill();
            left = Math.min(perSecond, left - amount);
        }
    }

    private void fill() {
        long now = clock.monotonicNanos();
        left = Math.min(perSecond, left + (now - filledNanos) / NANOS * perSecond);
        filledNanos = now;
    }
}
