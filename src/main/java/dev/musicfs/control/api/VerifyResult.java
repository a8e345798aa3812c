package dev.musicfs.control.api;

import java.util.List;

/**
 * How a check of the whole cache went.
 *
 * @param checked chunks looked at
 * @param corrected errors that were found and are gone
 * @param uncorrected errors that were found and are still there
 * @param cancelled whether it ended before it was through
 * @param problems a sentence each for the first errors, at most {@value #MAX_PROBLEMS}
 */
public record VerifyResult(long checked, long corrected, long uncorrected, boolean cancelled, List<String> problems) {
    /** The most sentences that are kept. */
    public static final int MAX_PROBLEMS = 100;

    /** Keeps its own copy of the first sentences. */
    public VerifyResult {
        problems = List.copyOf(problems.subList(0, Math.min(MAX_PROBLEMS, problems.size())));
    }

    /** One that was given up after so many chunks, its findings lost. */
    public static VerifyResult cancelledAfter(long checked) {
        return new VerifyResult(checked, 0, 0, true, List.of());
    }
}
