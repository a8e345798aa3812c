package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.index.ChunkIndex.Lost;
import dev.musicfs.chunk.index.IndexSource;
import dev.musicfs.chunk.ledger.Account;
import dev.musicfs.chunk.ledger.Ceiling;
import dev.musicfs.chunk.ledger.Holdings;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of a store, which is opened, made anew when it is lost, compared with the files and given its pins: less and
 * less often as long as none lives long enough for that. Whoever has the turn of {@link Upkeep} does all this; what only
 * asks is for any thread, and so is {@link #pinBlocking}.
 */
final class KeptIndex {
    private static final Logger LOG = LoggerFactory.getLogger(KeptIndex.class);
    private static final int FILES_BETWEEN = 64;
    // About 2,000 files a second while nobody waits for the count.
    private static final int COUNT_PAUSE_MILLIS = 30;
    private static final long FIRST_RETRY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofMinutes(5).toNanos();

    private final Holdings holdings;
    private final Account account;
    private final Ceiling ceiling;
    private final ChunkFiles files;
    private final IndexSource indexes;
    private final Supplier<Stream<ChunkId>> pins;
    private final Clock clock;
    private final ReentrantLock pinning = new ReentrantLock();

    private volatile boolean counted;
    private volatile boolean pinsApplied;
    private volatile long retryNanos;
    private volatile long notBeforeNanos;

    KeptIndex(StoreParts parts, Holdings holdings, Account account, Ceiling ceiling) {
        this.holdings = holdings;
        this.account = account;
        this.ceiling = ceiling;
        this.files = parts.files();
        this.indexes = parts.indexes();
        this.pins = parts.pins();
        this.clock = parts.clock();
    }

    /** Opens the one that was closed in order, else a new one that is still to be filled. */
    void openBlocking(long mostBytes) {
        account.assume(mostBytes);
        try {
            use(indexes.openBlocking());
        } catch (Lost e) {
            failed(e);
        }
    }

    /** Whether there is one. */
    boolean isLive() {
        return holdings.live() != null;
    }

    /** Whether it is time to make a new one, if there is none. */
    boolean isDue() {
        return retryNanos == 0 || clock.monotonicNanos() - notBeforeNanos >= 0;
    }

    /** Whether there is one that says which chunks are pinned. */
    boolean hasPins() {
        return pinsApplied && isLive();
    }

    /** Whether there is one that was compared with the files since it was opened and since they were last found to differ. */
    boolean isCounted() {
        return counted && isLive();
    }

    /** The next comparison is due. */
    void recount() {
        counted = false;
    }

    /** Finds out whether its file was taken away, which nothing else would tell before the next start. */
    void lookBlocking() {
        Holdings.Live live = holdings.live();
        if (live != null && !live.index().isInPlaceBlocking()) {
            holdings.lost(live, new Lost("its file was taken away or cut short", new NoSuchFileException("index")));
        }
    }

    /** Makes an empty one. */
    void makeBlocking() {
        retryNanos = Math.min(LAST_RETRY_NANOS, Math.max(FIRST_RETRY_NANOS, retryNanos * 2));
        notBeforeNanos = clock.monotonicNanos() + retryNanos;
        try {
            use(indexes.createBlocking());
        } catch (Lost e) {
            failed(e);
        }
    }

    /** Makes one if there is none, and fills it at once if that was not done. */
    void ensureBlocking(BooleanSupplier stopped, IntConsumer between) {
        if (!isLive()) {
            makeBlocking();
        }
        if (!pinsApplied && isLive()) {
            countBlocking(stopped, between);
        }
    }

    /**
     * Compares it with the files, puts right what differs, and gives it its pins if it has not got them.
     *
     * @param between called every now and then with the milliseconds that may be slept: none while somebody waits for
     *     the pins
     */
    void countBlocking(BooleanSupplier stopped, IntConsumer between) {
        boolean hurry = !pinsApplied;
        int[] sinceBetween = new int[1];
        VerifyReport report = new Count(holdings, account, files, false, true, stopped, done -> {}, () -> {
                    sinceBetween[0]++;
                    if (sinceBetween[0] >= FILES_BETWEEN) {
                        sinceBetween[0] = 0;
                        between.accept(hurry ? 0 : COUNT_PAUSE_MILLIS);
                    }
                })
                .runBlocking();
        if (!report.complete()) {
            return;
        }
        if (!pinsApplied) {
            applyPinsBlocking();
            pinsApplied = isLive();
        }
        counted = isLive();
        retryNanos = 0;
        ceiling.settleIfPossibleBlocking(account::filledBytes);
        LOG.info(
                "{} chunks in the cache; {} had no entry in the index, {} entries no file, {} a wrong size",
                report.chunks(),
                report.orphans(),
                report.danglers(),
                report.wrongSizes());
    }

    /** Pins or unpins; not while a new one is given its pins, whose list may be older than this. */
    void pinBlocking(Iterable<ChunkId> chunks, boolean pinned) {
        pinning.lock();
        try {
            chunks.forEach(chunk -> holdings.pinBlocking(chunk, pinned));
        } finally {
            pinning.unlock();
        }
    }

    private void applyPinsBlocking() {
        pinning.lock();
        try (Stream<ChunkId> pinned = pins.get()) {
            pinned.forEach(chunk -> holdings.pinBlocking(chunk, true));
        } finally {
            pinning.unlock();
        }
    }

    private void use(IndexSource.Opened opened) {
        int generation = opened.totals().isPresent()
                ? account.openedClean(opened.totals().get(), opened.round())
                : account.openedNew();
        pinsApplied = opened.totals().isPresent();
        counted = false;
        holdings.use(new Holdings.Live(opened.index(), generation));
    }

    private static void failed(Lost e) {
        LOG.warn("The cache goes on without an index for now: {}", e.getMessage());
    }
}
