package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.ScrubReport;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.StoreLayout;
import dev.musicfs.chunk.disk.Surroundings;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.Account;
import dev.musicfs.chunk.ledger.Ceiling;
import dev.musicfs.chunk.ledger.Counters;
import dev.musicfs.chunk.ledger.Holdings;
import dev.musicfs.chunk.ledger.SpaceLimit;
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
 * What keeps the store in order behind everybody's back, one thing at a time: evicts, gives access times to the index,
 * makes a lost index anew, counts, scrubs. Does all that is due when {@link #tickBlocking} is called.
 */
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int EVICT_PERCENT = 90;
    private static final int CLOSE_SECONDS = 10;
    private static final int MOST_GONE = 4096;
    private static final long FRUITLESS_NANOS = Duration.ofSeconds(10).toNanos();

    private final Holdings holdings;
    private final Account account;
    private final ChunkFiles files;
    private final SpaceLimit limit;
    private final Ceiling ceiling;
    private final AccessTimes uses;
    private final UseWriter useWriter;
    private final Surroundings surroundings;
    private final KeptIndex index;
    private final Clock clock;
    private final Pace pace;
    private final Eviction eviction;
    private final Scrubber scrubber;
    private final Counters counters;
    private final BooleanSupplier diskUsable;
    private final ReentrantLock turn = new ReentrantLock();
    private final Set<ChunkId> gone = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;
    private volatile BooleanSupplier ended = () -> false;
    private volatile long evictNotBeforeNanos;
    private volatile boolean fruitless;

    public Upkeep(
            StoreParts parts,
            Holdings holdings,
            Account account,
            SpaceLimit limit,
            Ceiling ceiling,
            AccessTimes uses,
            Counters counters,
            BooleanSupplier diskUsable) {
        this.holdings = holdings;
        this.account = account;
        this.files = parts.files();
        this.limit = limit;
        this.ceiling = ceiling;
        this.uses = uses;
        this.useWriter = new UseWriter(holdings, files, uses, parts.clock());
        this.surroundings = new Surroundings(new StoreLayout(parts.directory()).chunks());
        this.index = new KeptIndex(parts, holdings, account, ceiling);
        this.clock = parts.clock();
        this.pace = parts.pace();
        this.counters = counters;
        this.diskUsable = diskUsable;
        this.eviction = new Eviction(
                holdings, account, limit, uses, parts.clock(), parts.config().tagsBytes(), pace, this::isStopped);
        this.scrubber = new Scrubber(
                holdings,
                files,
                parts.clock(),
                parts.config().scrubInterval(),
                counters,
                this::isStopped,
                this::between);
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
            if (holdings.takeCountWanted()) {
                index.recount();
            }
            if (index.isLive() && !index.isCounted()) {
                index.countBlocking(this::isStopped, this::between);
                urgentBlocking();
            }
            scrubber.runDueBlocking();
        } catch (MusicFsException e) {
            // Of the disk, whose state says it; what was not done is due again.
            LOG.debug("Upkeep of the cache was cut short", e);
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

    /** A read has found that a chunk is not there, or not any more. */
    public void noteGone(ChunkId chunk) {
        if (gone.size() < MOST_GONE) {
            gone.add(chunk);
        } else {
            holdings.wantCount();
        }
    }

    public VerifyReport verifyBlocking(boolean repair, BooleanSupplier cancelled, LongConsumer progress) {
        turn.lock();
        try {
            BooleanSupplier ended = () -> stopped || cancelled.getAsBoolean();
            VerifyReport report = verifyOnceBlocking(repair, ended, progress);
            if (!report.complete() && !ended.getAsBoolean() && !index.isLive()) {
                // The index was damaged too, and the files are to be compared with that made anew.
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
        VerifyReport report =
                new Count(holdings, account, files, true, repair, ended, progress, () -> between(0)).runBlocking();
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
                if (holdings.clearBlocking(found.chunk(), alsoPinned)) {
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

    /** Pins or unpins; not while a new index is given its pins, whose list may be older than this. */
    public void pinBlocking(Iterable<ChunkId> chunks, boolean pinned) {
        index.pinBlocking(chunks, pinned);
    }

    /** From now on what is being done ends soon once {@code unwanted} says so, and nothing is begun. */
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

    /** Ends what is being done, waits for that, and closes the index; leaves it all if a disk that hangs keeps it up. */
    public void closeBlocking() {
        stopped = true;
        if (!lockWithinBound()) {
            LOG.warn("The cache could not be closed in order: its disk does not answer");
            return;
        }
        try {
            forgetGoneBlocking();
            boolean quiet = holdings.close();
            useWriter.writeBlocking(true);
            Holdings.Live live = holdings.live();
            if (live == null) {
                return;
            }
            if (quiet && index.hasPins() && account.isIndexWhole()) {
                live.index().close(account.totals(), account.round());
            } else {
                live.index().abandon();
            }
            ceiling.settleIfPossibleBlocking(account::filledBytes);
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

    // In the middle of long work: what cannot wait for its end, and a pause unless somebody waits for it.
    private void between(int pauseMillis) {
        urgentBlocking();
        if (pauseMillis > 0 && !turn.hasQueuedThreads()) {
            pace.pauseBlocking(pauseMillis);
        }
    }

    private void urgentBlocking() {
        limit.lookBlocking(account.usedBytes(), account.countedChunks());
        forgetGoneBlocking();
        useWriter.writeBlocking(false);
        if (isEvictionDue()) {
            useWriter.writeBlocking(true);
            counters.evictions.add(evict());
        }
    }

    // Somebody may take away or replace what lies on the disk; nothing else would tell before the next start.
    private void lookAroundBlocking() {
        if (surroundings.changedBlocking()) {
            holdings.wantCount();
        }
        index.lookBlocking();
    }

    private long evict() {
        long evicted = eviction.runBlocking();
        if (evicted > 0) {
            ceiling.settleIfPossibleBlocking(account::filledBytes);
        }
        fruitless = evicted == 0;
        evictNotBeforeNanos = clock.monotonicNanos() + FRUITLESS_NANOS;
        return evicted;
    }

    private boolean isEvictionDue() {
        return index.hasPins()
                && limit.isFilled(account.filledBytes(), EVICT_PERCENT)
                && (!fruitless || clock.monotonicNanos() - evictNotBeforeNanos >= 0);
    }

    private void forgetGoneBlocking() {
        Iterator<ChunkId> chunks = gone.iterator();
        while (chunks.hasNext() && index.isLive()) {
            holdings.forgetIfGoneBlocking(chunks.next());
            chunks.remove();
        }
    }
}
