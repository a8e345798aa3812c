package dev.musicfs.chunk.store;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.ScrubReport;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.DiskHealth;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.chunk.ledger.SizeReservation;
import dev.musicfs.chunk.ledger.SpaceAccounting;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.chunk.ledger.StoreCounters;
import dev.musicfs.chunk.maintain.Eviction;
import dev.musicfs.chunk.maintain.StoreMaintainer;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.WallClock;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.TaskBody;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of chunks in a directory of this machine. Reading goes from the address straight to the file; an index beside
 * the files knows what was used when, and may be lost at any moment. Never holds more than its limit, neither while it is
 * written by many threads nor after a crash.
 *
 * <p>Memory does not depend on the number of chunks: at most {@value AccessTimes#MOST} access times and, while evicting,
 * twice {@value Eviction#CANDIDATES} candidates.
 */
@WallClock("notes when a chunk was used, for after a restart")
public final class DiskChunkStore implements ChunkStore {
    private static final Logger LOG = LoggerFactory.getLogger(DiskChunkStore.class);
    private static final int EVICT_PERCENT = 90;
    private static final int PRESSED_PERCENT = 95;
    private static final int FULL_PERCENT = 99;
    private static final Duration TRIED_INTERVAL = Duration.ofMillis(2);
    private static final Duration COUNTED_INTERVAL = Duration.ofMillis(10);

    private final StoreParts parts;
    private final ChunkFiles files;
    private final Clock clock;
    private final SpaceAccounting accounting = new SpaceAccounting();
    private final AccessTimes uses = new AccessTimes();
    private final StoreCounters counters = new StoreCounters();
    private final SpaceLimit limit;
    private final SizeReservation reservation;
    private final ChunkLedger ledger;
    private final StoreMaintainer maintainer;
    private final StoreOpener opener;
    private final StoreThreads threads;

    private volatile boolean closed;

    /**
     * Touches no disk.
     *
     * @param disk whose health is looked after by a thread of its own; empty: somebody else does that
     */
    DiskChunkStore(StoreParts parts, Optional<DiskHealth> disk) {
        CacheConfig config = parts.config();
        this.parts = parts;
        this.files = parts.files();
        this.clock = parts.clock();
        this.limit = new SpaceLimit(config.sizeBytes(), config.minFreeBytes(), parts.space(), clock);
        this.reservation = new SizeReservation(parts.directory().resolve("reservation"), config.sizeBytes());
        this.ledger = new ChunkLedger(files, accounting, limit, reservation);
        this.maintainer =
                new StoreMaintainer(parts, ledger, accounting, limit, reservation, uses, counters, this::isUsable);
        this.opener = new StoreOpener(parts, accounting, limit, reservation, maintainer);
        this.threads = new StoreThreads(opener, maintainer, disk);
    }

    /**
     * Takes over another size, free space, part for tags and interval of scrubbing; returns at once. What is too much under
     * the new bounds is evicted in the background, and nothing is added until that is done.
     *
     * @param config of the same durability; its size is not 0, since a store in use cannot be taken away
     */
    public void change(CacheConfig config) {
        if (config.sizeBytes() <= 0) {
            throw new IllegalArgumentException("a store cannot be taken away while it is in use");
        }
        opener.resize(config.sizeBytes());
        reservation.resize(config.sizeBytes());
        limit.change(config.sizeBytes(), config.minFreeBytes());
        maintainer.change(config);
    }

    /**
     * Starts the threads that open the directory and keep the store in order. Returns at once and never fails: what cannot
     * be used now is tried again, and the state says so meanwhile.
     *
     * @param tasks starts them again when they die
     */
    public void start(TaskSupervisor tasks) {
        start((name, body) -> tasks.supervise(name, Importance.CRITICAL, body));
    }

    /** The same for a process that ends with what it does now: a thread that dies is logged and not started again. */
    public void start() {
        Promise<Void> never = Promise.promise();
        start((name, body) -> body.run(never::future).onFailure(e -> LOG.error("{} died", name, e)));
    }

    private void start(BiConsumer<String, TaskBody> begin) {
        if (parts.config().sizeBytes() > 0) {
            threads.start(begin);
        }
    }

    /**
     * Waits until the directory has been opened, or could not be.
     *
     * @return false when the deadline came first
     */
    public boolean awaitTriedBlocking(Deadline deadline) {
        return Polling.until(opener::isTried, TRIED_INTERVAL, deadline);
    }

    /**
     * Waits until files and index have been compared after the start.
     *
     * @return false when the deadline came first
     */
    public boolean awaitCountedBlocking(Deadline deadline) {
        return Polling.until(() -> opener.isDone() && maintainer.isCounted(), COUNTED_INTERVAL, deadline);
    }

    /** Ends what is under way, within a bounded time, and closes the index so that the next start can use it as it is. */
    public void closeBlocking() {
        closed = true;
        threads.endBlocking();
        if (opener.isDone()) {
            maintainer.closeBlocking();
        }
        files.close();
    }

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        if (!state().readable()) {
            throw unusable();
        }
        try {
            files.readBlocking(chunk, offset, dst);
        } catch (MusicFsException e) {
            failedToRead(chunk, e.kind());
            throw e;
        }
        counters.reads.increment();
        if (uses.note(chunk, clock.wallNanos())) {
            threads.wake();
        }
    }

    @Override
    public ChunkId putBlocking(ByteBuffer bytes, EvictionClass evictionClass) {
        int length = bytes.remaining();
        if (length == 0 || length > MAX_CHUNK_BYTES) {
            throw new MusicFsException(FailureKind.INVALID, "A chunk has 1 to 1048576 bytes, not " + length);
        }
        requireUsable();
        ChunkId chunk = ChunkId.of(bytes);
        try {
            switch (ledger.putBlocking(chunk, bytes, evictionClass, clock.wallNanos())) {
                case WRITTEN -> counters.puts.increment();
                case KEPT -> counters.duplicates.increment();
            }
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.NO_SPACE) {
                limit.lookAgain();
            } else {
                counters.failures.increment();
            }
            threads.wake();
            throw e;
        }
        if (maintainer.isPressing()) {
            threads.wake();
        }
        return chunk;
    }

    @Override
    public boolean containsBlocking(ChunkId chunk) {
        if (!state().readable()) {
            throw unusable();
        }
        return files.existsBlocking(chunk);
    }

    @Override
    public void removeBlocking(Collection<ChunkId> chunks) {
        requireUsable();
        chunks.forEach(ledger::removeBlocking);
    }

    @Override
    public void pinBlocking(Collection<ChunkId> chunks, boolean pinned) {
        requireUsable();
        maintainer.pinBlocking(chunks, pinned);
    }

    @Override
    public StoreState state() {
        if (!opener.isDone() || closed) {
            return StoreState.UNUSABLE;
        }
        StoreState disk = parts.disk().get();
        if (disk != StoreState.NORMAL) {
            return disk;
        }
        long filled = accounting.filledBytes();
        if (limit.isFilled(filled, FULL_PERCENT)) {
            return StoreState.FULL;
        }
        if (limit.isFilled(filled, PRESSED_PERCENT)) {
            return StoreState.PRESSED;
        }
        return limit.isFilled(filled, EVICT_PERCENT) ? StoreState.EVICTING : StoreState.NORMAL;
    }

    @Override
    public StoreStats stats() {
        SpaceAccounting.Sums sums = accounting.sums();
        return new StoreStats(
                state(),
                sums.indexed().chunks(),
                sums.usedBytes(),
                limit.bytes(),
                sums.indexed().tagsBytes(),
                sums.indexed().pinnedBytes(),
                counters.reads.sum(),
                counters.puts.sum(),
                counters.duplicates.sum(),
                counters.evictions.sum(),
                counters.corruptions.sum(),
                counters.failures.sum());
    }

    /**
     * Reads every chunk, and compares files and index.
     *
     * @param repair whether what is wrong is put right: damaged chunks deleted, index and sums corrected
     * @param cancelled asked after each chunk
     * @param progress told the number of chunks so far
     */
    public VerifyReport verifyBlocking(boolean repair, BooleanSupplier cancelled, LongConsumer progress) {
        requireUsable();
        return maintainer.verifyBlocking(repair, cancelled, progress);
    }

    /** Reads every chunk and deletes the damaged ones, as is otherwise done little by little. */
    public ScrubReport scrubBlocking(BooleanSupplier cancelled, LongConsumer progress) {
        requireUsable();
        return maintainer.scrubBlocking(cancelled, progress);
    }

    /** Removes all chunks, pinned ones only if asked to; gives the bytes of their files. */
    public long clearBlocking(boolean alsoPinned) {
        requireUsable();
        return maintainer.clearBlocking(alsoPinned);
    }

    /** Why the directory could not be opened, in a sentence; empty when it could or has not been tried. */
    public Optional<String> trouble() {
        return opener.trouble();
    }

    /** Opens the directory without starting a thread: the caller calls {@link #tickBlocking} by hand. */
    void openBlocking() {
        opener.tryBlocking();
    }

    /** Does what is due at present. */
    public void tickBlocking() {
        threads.tickBlocking();
    }

    private void failedToRead(ChunkId chunk, FailureKind kind) {
        switch (kind) {
            case CORRUPT -> {
                counters.corruptions.increment();
                maintainer.noteGone(chunk);
            }
            case NOT_FOUND -> maintainer.noteGone(chunk);
            case INVALID -> {}
            case READ_ONLY, STALE, UNAVAILABLE, TIMEOUT, REJECTED, NO_SPACE, INTERNAL -> counters.failures.increment();
        }
    }

    private boolean isUsable() {
        return opener.isDone() && !closed && parts.disk().get() != StoreState.UNUSABLE;
    }

    private void requireUsable() {
        if (!isUsable()) {
            throw unusable();
        }
    }

    private MusicFsException unusable() {
        return new MusicFsException(
                FailureKind.UNAVAILABLE,
                trouble().orElse("The cache in " + parts.directory() + " cannot be used at present"));
    }
}
