package dev.musicfs.testkit;

import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test turns by hand. */
public final class ManualClock implements Clock {
    private final AtomicLong nanos = new AtomicLong(1);
    // Half a century after the epoch, as clocks are.
    private final AtomicLong wallAhead = new AtomicLong(Duration.ofDays(18_262).toNanos());

    /** Lets time pass. */
    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /** Somebody sets the wall clock, forwards or, when negative, backwards; no time passes. */
    public void jump(Duration by) {
        wallAhead.addAndGet(by.toNanos());
    }

    @Override
    public long monotonicNanos() {
        return nanos.get();
    }

    @Override
    public long wallNanos() {
        return nanos.get() + wallAhead.get();
    }
}
