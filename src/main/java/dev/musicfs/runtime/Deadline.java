package dev.musicfs.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The instant at which a request's patience ends, on the monotonic clock. It travels with the request through retries
 * and origins, so that their sum stays under it.
 */
public final class Deadline {
    private final LongSupplier nanoClock;
    private final long endNanos;

    private Deadline(LongSupplier nanoClock, long endNanos) {
        this.nanoClock = nanoClock;
        this.endNanos = endNanos;
    }

    /** A deadline this long from now. */
    public static Deadline in(Duration patience) {
        return in(patience, System::nanoTime);
    }

    /** A deadline on a clock of the caller's, for tests that turn it by hand. */
    public static Deadline in(Duration patience, LongSupplier nanoClock) {
        return new Deadline(nanoClock, nanoClock.getAsLong() + patience.toNanos());
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - nanoClock.getAsLong()));
    }

    /** Whether nothing is left. */
    public boolean expired() {
        return endNanos - nanoClock.getAsLong() <= 0;
    }
}
