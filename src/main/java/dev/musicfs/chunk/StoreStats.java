package dev.musicfs.chunk;

/**
 * What a store holds and has done since it was opened. Bytes are those of chunk files on disk, their headers included.
 *
 * @param state what it is fit for
 * @param chunks how many there are
 * @param usedBytes their sum, exact
 * @param limitBytes what they may take at present: the least of {@code cache.size} and what {@code cache.min_free} leaves
 * @param tagsBytes the part of {@code usedBytes} in {@link EvictionClass#TAGS}
 * @param pinnedBytes the part that is pinned
 * @param reads successful reads
 * @param puts chunks newly written
 * @param duplicates puts of chunks that were there
 * @param evictions chunks evicted
 * @param corruptions chunks found damaged
 * @param failures reads and puts that failed for the disk's sake
 */
public record StoreStats(
        StoreState state,
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
        long failures) {}
