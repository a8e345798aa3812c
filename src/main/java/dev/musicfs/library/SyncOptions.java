package dev.musicfs.library;

import dev.musicfs.config.LibraryConfig;
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
 * @param listAhead directories listed at most while an earlier one is compared, 0 for none: worth it where an answer is
 *     long under way
 * @param library what of the origin is music
 */
public record SyncOptions(
        int batchSize,
        int massRemovalPercent,
        int massRemovalMinimum,
        boolean acceptMassRemovals,
        int tagReaders,
        Duration pollInterval,
        int moveWindow,
        int listAhead,
        LibraryConfig library) {
    private static final int MOST_AHEAD = 4;

    /** What is used when nothing is configured. */
    public static SyncOptions defaults() {
        return new SyncOptions(200, 5, 20, false, 2, Duration.ofMinutes(5), 5_000, 0, LibraryConfig.DEFAULTS);
    }

    /** Refuses numbers that make no sense. */
    public SyncOptions {
        if (batchSize < 1
                || massRemovalPercent < 0
                || massRemovalMinimum < 0
                || tagReaders < 1
                || pollInterval.toMillis() < 1
                || moveWindow < 0
                || listAhead < 0) {
            throw new IllegalArgumentException("a sync option is out of range");
        }
    }

    /** Without listing ahead. */
    public SyncOptions(
            int batchSize,
            int massRemovalPercent,
            int massRemovalMinimum,
            boolean acceptMassRemovals,
            int tagReaders,
            Duration pollInterval,
            int moveWindow) {
        this(
                batchSize,
                massRemovalPercent,
                massRemovalMinimum,
                acceptMassRemovals,
                tagReaders,
                pollInterval,
                moveWindow,
                0,
                LibraryConfig.DEFAULTS);
    }

    /**
     * The same for an origin on a network that takes {@code concurrency} requests at a time: as many files are read at a
     * time as leave one for those who listen, and a few directories are listed ahead.
     */
    public SyncOptions forNetwork(int concurrency) {
        int forScan = Math.max(1, concurrency - 1);
        return new SyncOptions(
                batchSize,
                massRemovalPercent,
                massRemovalMinimum,
                acceptMassRemovals,
                forScan,
                pollInterval,
                moveWindow,
                Math.min(MOST_AHEAD, forScan),
                library);
    }

    /** The same with mass removals accepted or not. */
    public SyncOptions withAcceptMassRemovals(boolean accept) {
        return new SyncOptions(
                batchSize,
                massRemovalPercent,
                massRemovalMinimum,
                accept,
                tagReaders,
                pollInterval,
                moveWindow,
                listAhead,
                library);
    }

    /** The same with other rules of what is music. */
    public SyncOptions withLibrary(LibraryConfig rules) {
        return new SyncOptions(
                batchSize,
                massRemovalPercent,
                massRemovalMinimum,
                acceptMassRemovals,
                tagReaders,
                pollInterval,
                moveWindow,
                listAhead,
                rules);
    }

    /** Whether that many removals of that many known files look like an accident. */
    boolean isMassRemoval(long removals, long known) {
        return removals > massRemovalMinimum && removals * 100 > known * massRemovalPercent;
    }
}
