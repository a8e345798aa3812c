package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.index.IndexLostException;
import dev.musicfs.chunk.index.IndexSource;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.chunk.ledger.SizeReservation;
import dev.musicfs.chunk.ledger.SpaceAccounting;
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
 * The index of a store, which is opened, rebuilt when it is lost, compared with the files and given its pins. It is rebuilt
 * less and less often while none lives long enough to be compared. All this is for the thread that holds the lock of
 * {@link StoreMaintainer}; questions and {@link #pinBlocking} are for any thread.
 */
final class IndexKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(IndexKeeper.class);
    private static final int FILES_BETWEEN = 64;
    // About 2,000 files a second while nobody waits for the count.
    private static final int COUNT_PAUSE_MILLIS = 30;
    private static final long FIRST_RETRY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofMinutes(5).toNanos();

    private final ChunkLedger ledger;
    private final SpaceAccounting accounting;
    private final SizeReservation reservation;
    private final ChunkFiles files;
    private final IndexSource indexes;
    private final Supplier<Stream<ChunkId>> pins;
    private final Clock clock;
    private final ReentrantLock pinning = new ReentrantLock();

    private volatile boolean counted;
    private volatile boolean pinsApplied;
    private volatile long retryNanos;
    private volatile long notBeforeNanos;

    IndexKeeper(StoreParts parts, ChunkLedger ledger, SpaceAccounting accounting, SizeReservation reservation) {
        this.ledger = ledger;
        this.accounting = accounting;
        this.reservation = reservation;
        this.files = parts.files();
        this.indexes = parts.indexes();
        this.pins = parts.pins();
        this.clock = parts.clock();
    }

    /** Opens the one that was closed in order, else a new one that is still to be filled. */
    void openBlocking(long mostBytes) {
        accounting.assume(mostBytes);
        try {
            use(indexes.openBlocking());
        } catch (IndexLostException e) {
            failed(e);
        }
    }

    /** Whether there is one. */
    boolean isLive() {
        return ledger.live() != null;
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

    /** Gives it up if its file was taken away, which nothing else would notice before the next start. */
    void lookBlocking() {
        ChunkLedger.LiveIndex live = ledger.live();
        if (live != null && !live.index().isInPlaceBlocking()) {
            ledger.lost(
                    live,
                    new IndexLostException("its file was taken away or cut short", new NoSuchFileException("index")));
        }
    }

    /** Makes an empty one. */
    void makeBlocking() {
        retryNanos = Math.min(LAST_RETRY_NANOS, Math.max(FIRST_RETRY_NANOS, retryNanos * 2));
        notBeforeNanos = clock.monotonicNanos() + retryNanos;
        try {
            use(indexes.createBlocking());
        } catch (IndexLostException e) {
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
        VerifyReport report = new Reconciler(ledger, accounting, files, false, true, stopped, done -> {}, () -> {
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
        reservation.settleIfPossibleBlocking(accounting::filledBytes);
        LOG.info(
                "{} chunks in the cache; {} had no entry in the index, {} entries no file, {} a wrong size",
                report.chunks(),
                report.orphans(),
                report.danglers(),
                report.wrongSizes());
    }

    /** Pins or unpins; waits while a rebuilt index is given its pins, whose list may be older than this. */
    void pinBlocking(Iterable<ChunkId> chunks, boolean pinned) {
        pinning.lock();
        try {
            chunks.forEach(chunk -> ledger.pinBlocking(chunk, pinned));
        } finally {
            pinning.unlock();
        }
    }

    private void applyPinsBlocking() {
        pinning.lock();
        try (Stream<ChunkId> pinned = pins.get()) {
            pinned.forEach(chunk -> ledger.pinBlocking(chunk, true));
        } finally {
            pinning.unlock();
        }
    }

    private void use(IndexSource.Opened opened) {
        int generation = opened.totals().isPresent()
                ? accounting.openedClean(opened.totals().get(), opened.round())
                : accounting.openedNew();
        pinsApplied = opened.totals().isPresent();
        counted = false;
        ledger.use(new ChunkLedger.LiveIndex(opened.index(), generation));
    }

    private static void failed(IndexLostException e) {
        LOG.warn("The cache goes on without an index for now: {}", e.getMessage());
    }
}
