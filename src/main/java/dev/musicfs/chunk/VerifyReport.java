package dev.musicfs.chunk;

import java.util.List;

/**
 * What a check of the whole store found.
 *
 * @param checked chunks whose bytes were read
 * @param checkedBytes the sum of their files
 * @param damaged chunks whose bytes are not what their address says
 * @param missing entries of the index without a file
 * @param orphans files without an entry
 * @param wrongSizes entries whose length is not that of the file
 * @param repaired how many of these were put right
 * @param cancelled whether it ended before it was through
 * @param problems a sentence each for the first {@value #MAX_PROBLEMS}
 */
public record VerifyReport(
        long checked,
        long checkedBytes,
        long damaged,
        long missing,
        long orphans,
        long wrongSizes,
        long repaired,
        boolean cancelled,
        List<String> problems) {
    /** The most sentences that are kept. */
    public static final int MAX_PROBLEMS = 100;

    /** Keeps its own copy of the sentences. */
    public VerifyReport {
        problems = List.copyOf(problems);
    }

    /** Everything found, repaired or not. */
    public long found() {
        return damaged + missing + orphans + wrongSizes;
    }
}
