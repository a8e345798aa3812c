package dev.musicfs.library;

import java.util.Map;
import java.util.Optional;

/**
 * What a reconciliation or refresh did.
 *
 * @param filesSeen music and cover files listed
 * @param added new files
 * @param updated changed and moved files
 * @param removed files removed
 * @param held files that were not removed because there were too many of them at once
 * @param failedFiles files that could not be read
 * @param failedDirectories directories that could not be listed; what is known of them is kept
 * @param unknownEntries entries that were listed and could not be looked at; what is known of them is kept
 * @param passedOver how many entries were passed over for which reason: the rule, or the file that has it
 */
public record SyncSummary(
        long filesSeen,
        long added,
        long updated,
        long removed,
        Optional<HeldRemovals> held,
        long failedFiles,
        long failedDirectories,
        long unknownEntries,
        Map<String, Long> passedOver) {
    /** Copies the counts. */
    public SyncSummary {
        passedOver = Map.copyOf(passedOver);
    }

    /** How many files were not removed because there were too many of them at once. */
    public long heldRemovals() {
        return held.map(HeldRemovals::files).orElse(0L);
    }

    /** Whether there was nothing that nobody could look at. */
    boolean whole() {
        return failedDirectories == 0 && unknownEntries == 0;
    }
}
