package dev.musicfs.control.api;

import java.util.Locale;
import java.util.Optional;

/**
 * What the cache holds and has done since it was opened. Bytes are those of chunk files on disk.
 *
 * @param state what it is fit for, such as {@code normal} or {@code full}
 * @param chunks how many there are
 * @param usedBytes their sum
 * @param limitBytes what they may take at present
 * @param tagsBytes the part of {@code usedBytes} that scans for tags read
 * @param pinnedBytes the part that is pinned
 * @param reads successful reads of chunks
 * @param puts chunks newly written
 * @param duplicates chunks that were to be written and were there
 * @param evictions chunks evicted
 * @param corruptions chunks found damaged
 * @param failures reads and writes that failed for the disk's sake
 * @param hitRatio share of what was read that came from the cache, 0 to 1; empty when nobody counts it
 * @param fetchedBytes what origins gave for reads, whether it could be used or not; empty when nobody counts it
 */
public record CacheStats(
        String state,
        long chunks,
        long usedBytes,
        long limitBytes,
        long tagsBytes,
        long pinnedBytes,
        long reads,
        long puts,
        long duplicates,
        long evictions,
        long corruptions,
        long failures,
        Optional<Double> hitRatio,
        Optional<Long> fetchedBytes) {
    /** Keeps the state in small letters. */
    public CacheStats {
        state = state.toLowerCase(Locale.ROOT);
    }
}
