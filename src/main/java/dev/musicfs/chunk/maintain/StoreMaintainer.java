package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.ScrubReport;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.FileIdentity;
import dev.musicfs.chunk.disk.StoreLayout;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.chunk.ledger.SizeReservation;
import dev.musicfs.chunk.ledger.SpaceAccounting;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.chunk.ledger.StoreCounters;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store in order in the background, one thing at a time: evicts, writes access times to the index, rebuilds a
 * lost index, reconciles it with the files, scrubs. {@link #tickBlocking} does all that is due.
 */
public final class StoreMaintainer {
    private static final Logger LOG = LoggerFactory.getLogger(StoreMaintainer.class);
    private static final int EVICT_PERCENT = 90;
    private static final int CLOSE_SECONDS = 10;
    private static final int MOST_GONE = 4096;
    private static final long FRUITLESS_NANOS = Duration.ofSeconds(10).toNanos();

    private final ChunkLedger ledger;
    private final SpaceAccounting accounting;
    private final ChunkFiles files;
    private final SpaceLimit limit;
    private final SizeReservation reservation;
    private final AccessTimes uses;
    private final AccessTimeWriter useWriter;
    private final FileIdentity surroundings;
    private final IndexKeeper index;
    private final Clock clock;
    private final Throttle throttle;
    private final Eviction eviction;
    private final Scrubber scrubber;
    private final StoreCounters counters;
    private final BooleanSupplier diskUsable;
    private final ReentrantLock turn = new ReentrantLock();
    private final Set<ChunkId> gone = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;
    private volatile BooleanSupplier ended = () -> false;
    private volatile long evictNotBeforeNanos;
    private volatile boolean fruitless;

    public StoreMaintainer(
            StoreParts parts,
            ChunkLedger ledger,
            SpaceAccounting accounting,
            SpaceLimit limit,
            SizeReservation reservation,
            AccessTimes uses,
            StoreCounters counters,
            BooleanSupplier diskUsable) {
        this.ledger = ledger;
        this.accounting = accounting;
        this.files = parts.files();
        this.limit = limit;
        this.reservation = reservation;
        this.uses = uses;
        this.useWriter = new AccessTimeWriter(ledger, files, uses, parts.clock());
        this.surroundings = new FileIdentity(new StoreLayout(parts.directory()).chunks());
        this.index = new IndexKeeper(parts, ledger, accounting, reservation);
        this.clock = parts.clock();
        this.throttle = parts.throttle();
        this.counters = counters;
        this.diskUsable = diskUsable;
        this.eviction = new Eviction(
                ledger, accounting, limit, uses, parts.clock(), parts.config().tagsBytes(), throttle, this::isStopped);
        this.scrubber = new Scrubber(
                ledger, files, parts.clock(), parts.config().scrubInterval(), counters, this::isStopped, this::between);
    }

    /** Takes what can be changed while it runs; returns at once. */
    public void change(CacheConfig config) {
        eviction.keepTags(config.tagsBytes());
        scrubber.interval(config.scrubInterval());
    }

    /** Opens the index: the one that was closed in order, else a new one that the next turn fills. */
    public void openBlocking(long mostBytes) {
        index.openBlocking(mostBytes);
    }

    /** Everything that is due. */
    public void tickBlocking() {
        turn.lock();
        try {
            if (isStopped() || !diskUsable.getAsBoolean()) {
                return;
            }
            lookAroundBlocking();
            urgentBlocking();
            if (!index.isLive() && index.isDue()) {
                index.makeBlocking();
            }
            if (ledger.takeCountWanted()) {
                index.recount();
            }
            if (index.isLive() && !index.isCounted()) {
                index.countBlocking(this::isStopped, this::between);
                urgentBlocking();
            }
            scrubber.runDueBlocking();
        } catch (MusicFsException e) {
            // Of the disk, whose state says it; what was not done is due again.
            LOG.debug("StoreMaintainer of the cache was cut short", e);
        } finally {
            turn.unlock();
        }
    }

    /** Whether files and index have been compared since the start, or since they were last found to differ. */
    public boolean isCounted() {
        return index.isCounted();
    }

    /** Whether {@link #tickBlocking} should not be waited for. */
    public boolean isPressing() {
        if (!diskUsable.getAsBoolean()) {
            return false;
        }
        return index.isLive() ? uses.isBatch() || isEvictionDue() : index.isDue();
    }

    /** A read has found that a chunk is missing or was damaged and deleted. */
    public void noteGone(ChunkId chunk) {
        if (gone.size() < MOST_GONE) {
            gone.add(chunk);
        } else {
            ledger.wantCount();
        }
    }

    public VerifyReport verifyBlocking(boolean repair, BooleanSupplier cancelled, LongConsumer progress) {
        turn.lock();
        try {
            BooleanSupplier ended = () -> stopped || cancelled.getAsBoolean();
            VerifyReport report = verifyOnceBlocking(repair, ended, progress);
            if (!report.complete() && !ended.getAsBoolean() && !index.isLive()) {
                // The index was damaged too: compare the files with the rebuilt one.
                report = verifyOnceBlocking(repair, ended, progress);
            }
            return report;
        } finally {
            turn.unlock();
        }
    }

    private VerifyReport verifyOnceBlocking(boolean repair, BooleanSupplier ended, LongConsumer progress) {
        lookAroundBlocking();
        index.ensureBlocking(this::isStopped, this::between);
        VerifyReport report = new Reconciler(ledger, accounting, files, true, repair, ended, progress, () -> between(0))
                .runBlocking();
        counters.corruptions.add(report.damaged());
        return report;
    }

    public long clearBlocking(boolean alsoPinned) {
        turn.lock();
        try {
            index.ensureBlocking(this::isStopped, this::between);
            if (!alsoPinned && !index.hasPins()) {
                throw new MusicFsException(
                        FailureKind.UNAVAILABLE, "It is not known at present which chunks are pinned; try again");
            }
            long[] bytes = new long[1];
            files.forEachBlocking(found -> {
                if (ledger.clearBlocking(found.chunk(), alsoPinned)) {
                    bytes[0] += found.fileBytes();
                }
            });
            return bytes[0];
        } finally {
            turn.unlock();
        }
    }

    public ScrubReport scrubBlocking(BooleanSupplier cancelled, LongConsumer progress) {
        turn.lock();
        try {
            return scrubber.runAllBlocking(cancelled, progress);
        } finally {
            turn.unlock();
        }
    }

    /** Pins or unpins; waits while a rebuilt index is given its pins, whose list may be older than this. */
    public void pinBlocking(Iterable<ChunkId> chunks, boolean pinned) {
        index.pinBlocking(chunks, pinned);
    }

    /** Ends what is being done soon after {@code unwanted} says so, and begins nothing more. */
    public void until(BooleanSupplier unwanted) {
        ended = unwanted;
    }

    /** Ends what is being done, soon. */
    public void stop() {
        stopped = true;
    }

    private boolean isStopped() {
        return stopped || ended.getAsBoolean();
    }

    /** Ends what is being done and closes the index; gives up after 10 seconds if the disk hangs. */
    public void closeBlocking() {
        stopped = true;
        if (!lockWithinBound()) {
            LOG.warn("The cache could not be closed in order: its disk does not answer");
            return;
        }
        try {
            forgetGoneBlocking();
            boolean quiet = ledger.close();
            useWriter.writeBlocking(true);
            ChunkLedger.LiveIndex live = ledger.live();
            if (live == null) {
                return;
            }
            if (quiet && index.hasPins() && accounting.isIndexWhole()) {
                live.index().close(accounting.totals(), accounting.round());
            } else {
                live.index().abandon();
            }
            reservation.settleIfPossibleBlocking(accounting::filledBytes);
        } catch (MusicFsException e) {
            LOG.debug("The cache could not be closed in order", e);
        } finally {
            turn.unlock();
        }
    }

    private boolean lockWithinBound() {
        try {
            return turn.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // In the middle of long work: does what cannot wait for its end, and pauses unless somebody waits for the lock.
    private void between(int pauseMillis) {
        urgentBlocking();
        if (pauseMillis > 0 && !turn.hasQueuedThreads()) {
            throttle.pauseBlocking(pauseMillis);
        }
    }

    private void urgentBlocking() {
        limit.lookBlocking(accounting.usedBytes(), accounting.countedChunks());
        forgetGoneBlocking();
        useWriter.writeBlocking(false);
        if (isEvictionDue()) {
            useWriter.writeBlocking(true);
            counters.evictions.add(evict());
        }
    }

    // Somebody may take away or replace what is on the disk; nothing else would notice before the next start.
    private void lookAroundBlocking() {
        if (surroundings.changedBlocking()) {
            ledger.wantCount();
        }
        index.lookBlocking();
    }

    private long evict() {
        long evicted = eviction.runBlocking();
        if (evicted > 0) {
            reservation.settleIfPossibleBlocking(accounting::filledBytes);
        }
        fruitless = evicted == 0;
        evictNotBeforeNanos = clock.monotonicNanos() + FRUITLESS_NANOS;
        return evicted;
    }

    private boolean isEvictionDue() {
        return index.hasPins()
                && limit.isFilled(accounting.filledBytes(), EVICT_PERCENT)
                && (!fruitless || clock.monotonicNanos() - evictNotBeforeNanos >= 0);
    }

    private void forgetGoneBlocking() {
        Iterator<ChunkId> chunks = gone.iterator();
        while (chunks.hasNext() && index.isLive()) {
            ledger.forgetIfGoneBlocking(chunks.next());
            chunks.remove();
        }
    }
}
