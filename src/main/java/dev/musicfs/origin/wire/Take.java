package dev.musicfs.origin.wire;

/**
 * What is wanted of a body.
 *
 * @param skipBytes how much is dropped first
 * @param mostBytes how much of the rest is taken
 * @param cut whether what comes after that is given up with its connection; otherwise a longer body is {@code CORRUPT}
 */
public record Take(long skipBytes, long mostBytes, boolean cut) {
    /** A body of at most this many bytes. */
    public static Take atMost(long bytes) {
        return new Take(0, bytes, false);
    }

    /** The beginning of a body, such as that of an error page. */
    public static Take start(long bytes) {
        return new Take(0, bytes, true);
    }
}
