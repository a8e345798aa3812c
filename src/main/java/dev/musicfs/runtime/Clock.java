package dev.musicfs.runtime;

import dev.musicfs.failure.MachineClock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Time as the rest of the program may see it. */
public interface Clock {
    /** Monotonic nanoseconds; only differences mean anything. */
    long monotonicNanos();

    /** Nanoseconds since the epoch, for timestamps that are stored or shown, never for intervals. */
    long wallNanos();

    /** The machine's clock. */
    static Clock system() {
        return Machine.CLOCK;
    }

    /** The only one of its kind. */
    @MachineClock("is what all others ask")
    enum Machine implements Clock {
        CLOCK;

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }

        @Override
        public long wallNanos() {
            Instant now = Instant.now();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }
    }
}
