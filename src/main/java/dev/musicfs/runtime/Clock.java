package dev.musicfs.runtime;

/** Time as the rest of the program may see it. */
public interface Clock {
    /** Monotonic nanoseconds; only differences mean anything. */
    long monotonicNanos();

    /** Nanoseconds since the epoch, for timestamps that are stored or shown, never for intervals. */
    long wallNanos();

    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
