package dev.musicfs.chunk.maintain;

/** Slows down work that nobody waits for. */
@FunctionalInterface
public interface Pace {
    /** Waits a little; a thread may be woken early. */
    void pauseBlocking(long millis);
}
