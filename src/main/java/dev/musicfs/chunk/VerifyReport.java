package dev.musicfs.chunk;

import java.util.ArrayList;
import java.util.List;

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
        boolean complete) {
    /** Everything found, repaired or not. */
    public long found() {
        return damaged + danglers + orphans + wrongSizes;
    }

    /** A sentence for each kind of what was found. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        tell(problems, damaged, "damaged chunks");
        tell(problems, danglers, "chunks in the index that are not on the disk");
        tell(problems, orphans, "chunks on the disk that are not in the index");
        tell(problems, wrongSizes, "chunks of another length than the index says");
        return problems;
    }

    private static void tell(List<String> problems, long count, String what) {
        if (count > 0) {
            problems.add(count + " " + what);
        }
    }
}
