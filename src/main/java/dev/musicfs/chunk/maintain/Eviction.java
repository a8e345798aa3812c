package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.Tier;
import dev.musicfs.chunk.index.ChunkIndex.Lost;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.Account;
import dev.musicfs.chunk.ledger.Holdings;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.runtime.Clock;
import java.util.function.BooleanSupplier;

/**
 * Makes room: audio that was not used for longest leaves first. What tag scans read leaves as far as it takes more than
 * its quota, or when there is no other left. Pinned chunks stay. Memory: two heaps of {@link #CANDIDATES}.
 */
public final class Eviction {
    /** How many of each tier one look through the index picks. */
    static final int CANDIDATES = 4096;

    /** Down to so many percent. */
    static final int TARGET_PERCENT = 88;

    private static final int HARD_PERCENT = 95;
    private static final int PACED_REMOVALS = 16;
    private static final int PAUSE_MILLIS = 5;

    private final Holdings holdings;
    private final Account account;
    private final SpaceLimit limit;
    private final AccessTimes uses;
    private final Clock clock;
    private volatile long tagsBytes;
    private final Pace pace;
    private final BooleanSupplier stopped;

    private long evicted;

    public Eviction(
            Holdings holdings,
            Account account,
            SpaceLimit limit,
            AccessTimes uses,
            Clock clock,
            long tagsBytes,
            Pace pace,
            BooleanSupplier stopped) {
        this.holdings = holdings;
        this.account = account;
        this.limit = limit;
        this.uses = uses;
        this.clock = clock;
        this.tagsBytes = tagsBytes;
        this.pace = pace;
        this.stopped = stopped;
    }

    /** What scans for tags read may take so much from the next pass on. */
    void keepTags(long bytes) {
        tagsBytes = bytes;
    }

    /** Evicts down to the target; gives the number of chunks. Fewer when all that is left is pinned or in use. */
    long runBlocking() {
        long before = evicted;
        long passed;
        do {
            passed = evicted;
            onePassBlocking();
        } while (evicted > passed && isWanted());
        return evicted - before;
    }

    private void onePassBlocking() {
        Holdings.Live live = holdings.live();
        if (live == null) {
            return;
        }
        long now = clock.wallNanos();
        ColdestChunks audio = new ColdestChunks(CANDIDATES, now);
        ColdestChunks tags = new ColdestChunks(CANDIDATES, now);
        try {
            live.index().forEach((chunk, entry) -> {
                if (!entry.pinned()) {
                    (entry.tier() == Tier.AUDIO ? audio : tags).offer(chunk, entry);
                }
            });
        } catch (Lost e) {
            holdings.lost(live, e);
            return;
        }
        evict(tags, () -> account.totals().tagsBytes() > tagsBytes);
        long sofar = evicted;
        evict(audio, () -> true);
        if (evicted == sofar && audio.coldestFirst().isEmpty()) {
            evict(tags, () -> true);
        }
    }

    private void evict(ColdestChunks candidates, BooleanSupplier more) {
        for (ColdestChunks.Cold cold : candidates.coldestFirst()) {
            if (!isWanted() || !more.getAsBoolean()) {
                return;
            }
            if (!uses.contains(cold.chunk()) && holdings.evictBlocking(cold.chunk(), cold.entry()) > 0) {
                evicted++;
                if (evicted % PACED_REMOVALS == 0 && !limit.isFilled(account.filledBytes(), HARD_PERCENT)) {
                    pace.pauseBlocking(PAUSE_MILLIS);
                }
            }
        }
    }

    private boolean isWanted() {
        return !stopped.getAsBoolean() && account.filledBytes() > limit.part(TARGET_PERCENT);
    }
}
