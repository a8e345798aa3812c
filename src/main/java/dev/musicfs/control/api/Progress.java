package dev.musicfs.control.api;

/** Told how far long work has come; may be called from any thread and often, and must not block. */
@FunctionalInterface
public interface Progress {
    /** So many of so many are done; {@code of} is 0 while nobody knows. */
    void reached(long done, long of);
}
