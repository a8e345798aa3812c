package dev.musicfs.origin.wire;

/**
 * How much of a body is taken into memory.
 *
 * @param skipBytes how much is dropped first
 * @param maxBytes how much of the rest is taken
 * @param cut whether what comes after that is given up, with its connection; otherwise a longer body is {@code CORRUPT}
 */
public record BodyLimit(long skipBytes, long maxBytes, boolean cut) {
    /** A body of at most this many bytes. */
    public static BodyLimit atMost(long bytes) {
        return new BodyLimit(0, bytes, false);
    }

    /** The beginning of a body. */
    public static BodyLimit start(long bytes) {
        return new BodyLimit(0, bytes, true);
    }
}
