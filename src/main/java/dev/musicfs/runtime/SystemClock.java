package dev.musicfs.runtime;

import dev.musicfs.failure.MachineClock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The machine's clock. */
@MachineClock("is what all others ask")
enum SystemClock implements Clock {
    INSTANCE;

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
