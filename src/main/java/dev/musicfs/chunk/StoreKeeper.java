package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done for a store while nobody waits for it: {@link #tickBlocking} by one thread, about once a second. */
final class StoreKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StoreKeeper.class);
    private static final int MOST_SUSPECTS = 4_096;
    private static final Duration FLUSH = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(15);

    private final ChunkFiles files;
    private final IndexOpener indexes;
    private final ChunkBook book;
    private final StoreLimit limit;
    private final Evictor evictor;
    private final LastUses uses;
    private final StoreCounters counters;
    private final Clock clock;
    private final DiskChunkStore.PinnedChunks pinned;
    private final Scrubber scrubber;
    private final BlockingQueue<ChunkId> suspects = new ArrayBlockingQueue<>(MOST_SUSPECTS);
    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch indexed = new CountDownLatch(1);
    private volatile boolean suspectAll;
    private volatile boolean stopped;
    // Of the ticking thread.
    private boolean started;
    private boolean retryLater;
    private long triedNanos;
    private long flushedNanos;

    StoreKeeper(
            ChunkFiles files,
            IndexOpener indexes,
            ChunkBook book,
            StoreLimit limit,
            Evictor evictor,
            LastUses uses,
            StoreCounters counters,
            CacheConfig config,
            Clock clock,
            DiskChunkStore.PinnedChunks pinned) {
        this.files = files;
        this.indexes = indexes;
        this.book = book;
        this.limit = limit;
        this.evictor = evictor;
        this.uses = uses;
        this.counters = counters;
        this.clock = clock;
        this.pinned = pinned;
        this.scrubber = new Scrubber(files, book, counters.corruptions, config.scrubInterval(), clock);
        this.flushedNanos = clock.monotonicNanos();
    }

    /** Something should be done soon. */
    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** Waits for {@link #wake}, or so long. */
    void awaitWork(long millis) {
        try {
            if (work.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                work.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something about this chunk did not fit; it is looked at in the next tick. */
    void suspect(ChunkId chunk) {
        if (!suspects.offer(chunk)) {
            suspectAll = true;
        }
        wake();
    }

    boolean awaitIndexBlocking(Deadline deadline) {
        try {
            return indexed.await(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Nothing more is begun. */
    void stop() {
        stopped = true;
        wake();
    }

    /** Does what is due. Never throws; what fails is tried again in a later tick. */
    void tickBlocking() {
        try {
            if (!book.open()) {
                index();
            }
            limit.refreshBlocking();
            if (book.open() && !stopped) {
                indexed.countDown();
                suspects();
                evictor.evictBlocking();
                flush();
                scrubber.scrubBlocking(() -> stopped);
            }
        } catch (MusicFsException e) {
            LOG.debug("The cache's keeper will try again", e);
        } catch (RuntimeException e) {
            LOG.error("The cache's keeper met a defect; it goes on.", e);
        }
    }

    /** Notes the uses and closes the index in order; the last call, after the last tick. */
    void finishBlocking() {
        try {
            evictor.noteUsesBlocking();
            files.forceBlocking();
        } catch (MusicFsException e) {
            LOG.debug("The last uses of the cache could not be noted", e);
        }
        book.close();
    }

    private void index() {
        long now = clock.monotonicNanos();
        if (retryLater && now - triedNanos < RETRY.toNanos()) {
            return;
        }
        retryLater = true;
        triedNanos = now;
        if (!started) {
            files.sweepBlocking();
            started = true;
            Optional<MapDbIndex.Reopened> before = indexes.reopenBlocking();
            if (before.isPresent()) {
                book.begin(before.get().index(), before.get().sums());
                suspectAll = true;
                retryLater = false;
                return;
            }
        }
        try {
            remake();
            retryLater = false;
        } catch (ChunkIndex.Lost e) {
            LOG.warn("The index of the cache cannot be made; nothing is stored until it can: {}", e.getMessage());
        }
    }

    private void remake() throws ChunkIndex.Lost {
        ChunkIndex fresh = indexes.createBlocking();
        boolean done = false;
        try {
            Ledger counted = new Ledger();
            for (int shard = 0; shard < ChunkFiles.SHARDS; shard++) {
                for (ChunkId chunk : files.namesBlocking(shard)) {
                    Optional<ChunkFiles.Found> file = files.inspectBlocking(chunk);
                    if (file.isPresent()) {
                        Entry entry = new Entry(
                                file.get().fileBytes(),
                                file.get().tier(),
                                false,
                                file.get().modifiedNanos());
                        counted.change(fresh.put(chunk, entry), Optional.of(entry));
                    }
                }
            }
            book.begin(fresh, counted.sums());
            done = true;
        } finally {
            if (!done) {
                fresh.discard();
            }
        }
        // Before anything is evicted: that is this thread's work too.
        pinned.forEachBlocking(chunk -> book.alone(chunk, () -> {
            book.change(chunk, entry -> entry.withPinned(true));
            return true;
        }));
        if (counters.evictions.get() == 0 && book.ledger().sums().chunks() > 0) {
            LOG.info(
                    "The index of the cache was made from {} chunks.",
                    book.ledger().sums().chunks());
        }
    }

    private void suspects() {
        if (suspectAll) {
            suspectAll = false;
            VerifyReport report =
                    new StoreCheck(files, book, counters.corruptions, true, false).runBlocking(() -> stopped, n -> {});
            if (report.found() > 0) {
                LOG.warn("The cache's index and files differed in {} places; that is mended.", report.found());
            }
        }
        for (ChunkId chunk = suspects.poll(); chunk != null && !stopped; chunk = suspects.poll()) {
            look(chunk);
        }
    }

    private void look(ChunkId chunk) {
        book.alone(chunk, () -> {
            boolean there = files.existsBlocking(chunk);
            boolean known = book.get(chunk).isPresent();
            if (there && (!known || !isSound(chunk))) {
                files.deleteBlocking(chunk);
                there = false;
            }
            if (!there) {
                book.remove(chunk);
            }
            return true;
        });
    }

    private boolean isSound(ChunkId chunk) {
        try {
            files.verifyBlocking(chunk);
            return true;
        } catch (MusicFsException e) {
            // A single file that cannot be read on a disk that can is as good as damaged.
            return e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.UNAVAILABLE;
        }
    }

    private void flush() {
        long now = clock.monotonicNanos();
        if (uses.many() || now - flushedNanos >= FLUSH.toNanos()) {
            flushedNanos = now;
            evictor.noteUsesBlocking();
            book.flush();
        }
    }
}
