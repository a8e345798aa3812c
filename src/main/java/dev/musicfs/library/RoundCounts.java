package dev.musicfs.library;

import dev.musicfs.library.ScanProgress.Progress;
import dev.musicfs.model.OriginId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The counts of a round while it runs. */
final class RoundCounts {
    long filesSeen;
    long added;
    long updated;
    long removed;
    Optional<HeldRemovals> held = Optional.empty();
    long failedFiles;
    long failedDirectories;
    long unknownEntries;

    /** The reason for what is a file and of no kind that is shown. */
    static final String NO_MUSIC = "being no music";

    private static final int MOST_REASONS = 100;

    private final Map<String, Long> passedOver = new TreeMap<>();

    /** An entry was not looked at for this reason. */
    void passedOver(String why) {
        if (passedOver.size() < MOST_REASONS || passedOver.containsKey(why)) {
            passedOver.merge(why, 1L, Long::sum);
        }
    }

    SyncSummary summary() {
        return new SyncSummary(
                filesSeen, added, updated, removed, held, failedFiles, failedDirectories, unknownEntries, passedOver);
    }

    Progress progress(OriginId origin, OptionalLong total, boolean done) {
        return new Progress(origin, filesSeen, added, failedFiles + failedDirectories + unknownEntries, total, done);
    }
}
