package dev.musicfs.library;

/**
 * What a reconciliation or refresh did.
 *
 * @param filesSeen music and cover files listed
 * @param added new files
 * @param updated changed and moved files
 * @param removed files removed
 * @param heldRemovals files that were not removed because there were too many of them at once
 * @param failedFiles files that could not be read
 * @param failedDirectories directories that could not be listed; while there is one, nothing is removed
 */
public record SyncSummary(
        long filesSeen,
        long added,
        long updated,
        long removed,
        long heldRemovals,
        long failedFiles,
        long failedDirectories) {}
