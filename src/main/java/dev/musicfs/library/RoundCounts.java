package dev.musicfs.library;

import dev.musicfs.library.ScanProgress.Progress;
import dev.musicfs.model.OriginId;
import java.util.Optional;
import java.util.OptionalLong;

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

    SyncSummary summary() {
        return new SyncSummary(
                filesSeen, added, updated, removed, held, failedFiles, failedDirectories, unknownEntries);
    }

    Progress progress(OriginId origin, OptionalLong total, boolean done) {
        return new Progress(origin, filesSeen, added, failedFiles + failedDirectories + unknownEntries, total, done);
    }
}
