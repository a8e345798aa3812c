package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.index.IndexLostException;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.chunk.ledger.SpaceAccounting;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.failure.WallClock;
import dev.musicfs.runtime.Clock;
import java.util.function.BooleanSupplier;

/**
 * Makes room: the least recently used audio leaves first. What tag scans read leaves only as far as it exceeds its quota,
 * or when nothing else is left. Pinned chunks stay. Memory: two heaps of {@link #CANDIDATES}.
 */
@WallClock("tells uses that lie ahead from others")
public final class Eviction {
    /** How many of each eviction class one look through the index picks. */
    static final int CANDIDATES = 4096;

    /** Down to so many percent. */
    static final int TARGET_PERCENT = 88;

    private static final int HARD_PERCENT = 95;
    private static final int PACED_REMOVALS = 16;
    private static final int PAUSE_MILLIS = 5;

    private final ChunkLedger ledger;
    private final SpaceAccounting accounting;
    private final SpaceLimit limit;
    private final AccessTimes uses;
    private final Clock clock;
    private volatile long tagsBytes;
    private final Throttle throttle;
    private final BooleanSupplier stopped;

    private long evicted;

    public Eviction(
            ChunkLedger ledger,
            SpaceAccounting accounting,
            SpaceLimit limit,
            AccessTimes uses,
            Clock clock,
            long tagsBytes,
            Throttle throttle,
            BooleanSupplier stopped) {
        this.ledger = ledger;
        this.accounting = accounting;
        this.limit = limit;
        this.uses = uses;
        this.clock = clock;
        this.tagsBytes = tagsBytes;
        this.throttle = throttle;
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
        ChunkLedger.LiveIndex live = ledger.live();
        if (live == null) {
            return;
        }
        long now = clock.wallNanos();
        EvictionCandidates audio = new EvictionCandidates(CANDIDATES, now);
        EvictionCandidates tags = new EvictionCandidates(CANDIDATES, now);
        try {
            live.index().forEach((chunk, entry) -> {
                if (!entry.pinned()) {
                    (entry.evictionClass() == EvictionClass.AUDIO ? audio : tags).offer(chunk, entry);
                }
            });
        } catch (IndexLostException e) {
            ledger.lost(live, e);
            return;
        }
        evict(tags, () -> accounting.totals().tagsBytes() > tagsBytes);
        long sofar = evicted;
        evict(audio, () -> true);
        if (evicted == sofar && audio.coldestFirst().isEmpty()) {
            evict(tags, () -> true);
        }
    }

    private void evict(EvictionCandidates candidates, BooleanSupplier more) {
        for (EvictionCandidates.Cold cold : candidates.coldestFirst()) {
            if (!isWanted() || !more.getAsBoolean()) {
                return;
            }
            if (!uses.contains(cold.chunk()) && ledger.evictBlocking(cold.chunk(), cold.entry()) > 0) {
                evicted++;
                if (evicted % PACED_REMOVALS == 0 && !limit.isFilled(accounting.filledBytes(), HARD_PERCENT)) {
                    throttle.pauseBlocking(PAUSE_MILLIS);
                }
            }
        }
    }

    private boolean isWanted() {
        return !stopped.getAsBoolean() && accounting.filledBytes() > limit.part(TARGET_PERCENT);
    }
}
