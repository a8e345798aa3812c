package dev.musicfs.chunk.maintain;

/** Slows down background work. */
@FunctionalInterface
public interface Throttle {
    /** Waits a little; a thread may be woken early. */
    void pauseBlocking(long millis);
}
