package dev.musicfs.library;

import java.time.Duration;

/**
 * How an origin is kept in step with the catalog.
 *
 * @param batchSize most changes published in one transaction, which is also how many tags are read ahead
 * @param massRemovalPercent removals above this part of the origin's known files are held ...
 * @param massRemovalMinimum ... when they are also more than this many
 * @param acceptMassRemovals publishes them all the same
 * @param tagReaders files whose tags are read at a time
 * @param pollInterval time between two reconciliations when changes cannot be watched, or after a failed one
 * @param moveWindow new files remembered at most while looking for where they came from; a later one is a new file
 */
public record SyncOptions(
        int batchSize,
        int massRemovalPercent,
        int massRemovalMinimum,
        boolean acceptMassRemovals,
        int tagReaders,
        Duration pollInterval,
        int moveWindow) {
    /** What is used when nothing is configured. */
    public static SyncOptions defaults() {
        return new SyncOptions(200, 5, 20, false, 2, Duration.ofMinutes(5), 5_000);
    }

    /** Refuses numbers that make no sense. */
    public SyncOptions {
        if (batchSize < 1
                || massRemovalPercent < 0
                || massRemovalMinimum < 0
                || tagReaders < 1
                || pollInterval.toMillis() < 1
                || moveWindow < 0) {
            throw new IllegalArgumentException("a sync option is out of range");
        }
    }

    /** The same with mass removals accepted or not. */
    public SyncOptions withAcceptMassRemovals(boolean accept) {
        return new SyncOptions(
                batchSize, massRemovalPercent, massRemovalMinimum, accept, tagReaders, pollInterval, moveWindow);
    }

    /** Whether that many removals of that many known files look like an accident. */
    boolean isMassRemoval(long removals, long known) {
        return removals > massRemovalMinimum && removals * 100 > known * massRemovalPercent;
    }
}
