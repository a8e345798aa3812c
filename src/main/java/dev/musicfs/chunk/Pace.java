package dev.musicfs.chunk;

/** Slows down work that nobody waits for. */
@FunctionalInterface
interface Pace {
    /** Waits a little; a thread may be woken early. */
    void pauseBlocking(long millis);
}
