package dev.musicfs.chunk;

/**
 * What a check of a whole store has found.
 *
 * @param chunks chunk files read and checked
 * @param bytes their sum
 * @param damaged files whose bytes were wrong
 * @param danglers entries of the index without a file
 * @param orphans files without an entry
 * @param wrongSizes entries with another length than the file
 * @param repaired how many of these were put right; damaged ones by deleting them
 * @param complete false when it was cancelled or the index failed meanwhile
 */
public record VerifyReport(
        long chunks,
        long bytes,
        long damaged,
        long danglers,
        long orphans,
        long wrongSizes,
        long repaired,
        boolean complete) {}
