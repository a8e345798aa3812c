package dev.musicfs.chunk.index;

import dev.musicfs.chunk.EvictionClass;
import java.time.Duration;

/**
 * What is known of one chunk.
 *
 * @param fileBytes length of the chunk's file
 * @param evictionClass which chunks leave first
 * @param pinned whether it is kept from being evicted
 * @param lastUseNanos wall clock, nanoseconds since the epoch, of the last use
 * @param round the count of all chunks in which this one was last counted
 */
public record IndexEntry(int fileBytes, EvictionClass evictionClass, boolean pinned, long lastUseNanos, int round) {
    /** A use that lies a day ahead is one of a clock that was wrong, not of one that was corrected a little. */
    private static final long MOST_AHEAD_NANOS = Duration.ofDays(1).toNanos();

    public IndexEntry withFileBytes(int bytes) {
        return new IndexEntry(bytes, evictionClass, pinned, lastUseNanos, round);
    }

    public IndexEntry withEvictionClass(EvictionClass other) {
        return new IndexEntry(fileBytes, other, pinned, lastUseNanos, round);
    }

    public IndexEntry withPinned(boolean yes) {
        return new IndexEntry(fileBytes, evictionClass, yes, lastUseNanos, round);
    }

    /** With the later of both uses, unless the one noted is that of a clock that was wrong. */
    public IndexEntry usedAt(long wallNanos) {
        long use = isAheadOf(wallNanos) ? wallNanos : Math.max(lastUseNanos, wallNanos);
        return new IndexEntry(fileBytes, evictionClass, pinned, use, round);
    }

    /** Whether its last use lies so far ahead of a time of the wall clock that one of them is wrong. */
    public boolean isAheadOf(long wallNanos) {
        return lastUseNanos - MOST_AHEAD_NANOS > wallNanos;
    }

    public IndexEntry withRound(int other) {
        return new IndexEntry(fileBytes, evictionClass, pinned, lastUseNanos, other);
    }
}
