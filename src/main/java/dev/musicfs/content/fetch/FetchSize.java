package dev.musicfs.content.fetch;

import java.time.Duration;

/**
 * How many bytes one call to an origin asks for when nobody waits for them yet: the more, the sooner such calls are
 * answered. A distant origin with a fast line needs much under way at a time, and only so many calls may be; on a slow
 * line large calls would keep readers waiting and end in timeouts. Confined to the loop.
 */
final class FetchSize {
    /** What a call asks for as long as nothing is known of the origin. */
    static final int LEAST_BYTES = 256 << 10;

    static final int MOST_BYTES = 1 << 20;

    private static final Duration SOON = Duration.ofMillis(250);
    private static final Duration LATE = Duration.ofSeconds(1);

    private int bytes = LEAST_BYTES;

    /** A power of two from {@link #LEAST_BYTES} to {@link #MOST_BYTES}. */
    int bytes() {
        return bytes;
    }

    /** A call for so many bytes was answered with them. */
    void answered(int length, Duration after) {
        if (length >= bytes && after.compareTo(SOON) <= 0) {
            bytes = Math.min(2 * bytes, MOST_BYTES);
        } else if (after.compareTo(LATE) > 0) {
            bytes = Math.max(bytes / 2, LEAST_BYTES);
        }
    }

    /** A call was not answered. */
    void failed() {
        bytes = LEAST_BYTES;
    }
}
