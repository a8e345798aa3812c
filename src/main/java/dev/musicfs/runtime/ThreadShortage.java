package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.concurrent.TimeUnit;

/**
 * Remembers that the system gave no thread, so that it is asked at most once a second: for each refusal the virtual
 * machine prints a line to standard output. For any thread.
 */
public final class ThreadShortage {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private volatile boolean refused;
    private volatile long refusedNanos;

    /** There is none yet. */
    public ThreadShortage(Clock clock) {
        this.clock = clock;
    }

    /** Whether this is how {@link Threads#begin} says that it was given no thread, in which case nothing was begun. */
    static boolean isIn(Throwable failure) {
        return failure instanceof MusicFsException ours
                && ours.kind() == FailureKind.UNAVAILABLE
                && ours.getCause() instanceof OutOfMemoryError;
    }

    /** Whether it is too soon to ask again. */
    public boolean lasts() {
        return refused && clock.monotonicNanos() - refusedNanos < PAUSE_NANOS;
    }

    /** A thread was refused; whether the one asked for before was given. */
    public synchronized boolean note() {
        boolean first = !refused;
        refusedNanos = clock.monotonicNanos();
        refused = true;
        return first;
    }

    /** A thread was given. */
    public void end() {
        refused = false;
    }
}
