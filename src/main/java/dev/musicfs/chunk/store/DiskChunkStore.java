package dev.musicfs.chunk.store;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.ScrubReport;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.chunk.Tier;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.DiskCalls;
import dev.musicfs.chunk.disk.DiskChunkFiles;
import dev.musicfs.chunk.disk.DiskSpace;
import dev.musicfs.chunk.disk.DiskTrial;
import dev.musicfs.chunk.disk.DiskWatch;
import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.chunk.disk.StoreLayout;
import dev.musicfs.chunk.index.MapDbIndexes;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.Account;
import dev.musicfs.chunk.ledger.Ceiling;
import dev.musicfs.chunk.ledger.Counters;
import dev.musicfs.chunk.ledger.Holdings;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.chunk.maintain.Eviction;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.chunk.maintain.Upkeep;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.OwnThread;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.TaskBody;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
public final class DiskChunkStore implements ChunkStore {
    private static final Logger LOG = LoggerFactory.getLogger(DiskChunkStore.class);
    private static final int EVICT_PERCENT = 90;
    private static final int PRESSED_PERCENT = 95;
    private static final int FULL_PERCENT = 99;
    private static final long TURN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PRESSING_TURN_NANOS = Duration.ofMillis(5).toNanos();
    private static final Duration TRIED_INTERVAL = Duration.ofMillis(2);
    private static final Duration COUNTED_INTERVAL = Duration.ofMillis(10);
    private static final Duration LAST_TURN = Duration.ofSeconds(10);

    private final StoreParts parts;
    private final ChunkFiles files;
    private final Clock clock;
    private final Account account = new Account();
    private final AccessTimes uses = new AccessTimes();
    private final Counters counters = new Counters();
    private final SpaceLimit limit;
    private final Ceiling ceiling;
    private final Holdings holdings;
    private final Upkeep upkeep;
    private final Opening opening;

    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private @Nullable DiskWatch watch;

    /** Touches no disk. */
    DiskChunkStore(StoreParts parts) {
        CacheConfig config = parts.config();
        this.parts = parts;
        this.files = parts.files();
        this.clock = parts.clock();
        this.limit = new SpaceLimit(config.sizeBytes(), config.minFreeBytes(), parts.space(), clock);
        this.ceiling = new Ceiling(parts.directory().resolve("ceiling"), config.sizeBytes());
        this.holdings = new Holdings(files, account, limit, ceiling);
        this.upkeep = new Upkeep(parts, holdings, account, limit, ceiling, uses, counters, this::isUsable);
        this.opening = new Opening(parts, account, limit, ceiling, upkeep);
    }

    /**
     * A store in a directory of its own. Touches no disk; {@link #start} does.
     *
     * @param pins what should be pinned, asked when a lost index has been made anew; whoever pins notes it there first
     * @param freeFiles how many files may still be made on its disk, empty when that has no limit or is not known; may block
     */
    public static DiskChunkStore in(
            Path directory,
            CacheConfig config,
            Clock clock,
            Supplier<Stream<ChunkId>> pins,
            Supplier<OptionalLong> freeFiles) {
        DiskWatch watch = new DiskWatch(
                clock,
                new DiskTrial(new StoreLayout(directory), DiskCalls.REAL),
                DiskWatch.Bounds.DEFAULTS,
                (from, to, reason) -> LOG.warn("The disk of the cache is {} now, it was {}. {}", to, from, reason));
        DiskChunkStore store = open(
                directory,
                config,
                clock,
                new DiskChunkFiles(directory, DiskCalls.REAL, watch, config.durability()),
                watch::state,
                pins,
                new DiskSpace(directory, freeFiles));
        store.watch = watch;
        return store;
    }

    /**
     * A store over these chunk files, with an index in MapDB. Touches no disk.
     *
     * @param pins what should be pinned, asked when a lost index has been made anew; whoever pins notes it there first
     */
    static DiskChunkStore open(
            Path directory,
            CacheConfig config,
            Clock clock,
            ChunkFiles files,
            Supplier<StoreState> disk,
            Supplier<Stream<ChunkId>> pins,
            SpaceProbe space) {
        return new DiskChunkStore(new StoreParts(
                directory,
                config,
                clock,
                files,
                new MapDbIndexes(directory.resolve("index"), MapDbIndexes.BOUND),
                space,
                disk,
                pins,
                millis -> LockSupport.parkNanos(Duration.ofMillis(millis).toNanos())));
    }

    /**
     * Takes size, free space, the part for tags and the interval of scrubbing anew; returns at once. What is too much under
     * the new bounds is evicted behind, and until that is done nothing is added.
     *
     * @param config of the same durability; a size of 0 is not for a store that was made with another
     */
    public void change(CacheConfig config) {
        if (config.sizeBytes() <= 0) {
            throw new IllegalArgumentException("a store cannot be taken away while it is in use");
        }
        opening.resize(config.sizeBytes());
        ceiling.resize(config.sizeBytes());
        limit.change(config.sizeBytes(), config.minFreeBytes());
        upkeep.change(config);
    }

    /**
     * Starts the threads that open the directory and keep the store in order. Returns at once and never fails: what cannot
     * be used now is tried again, and meanwhile the state says so.
     *
     * @param tasks begins them anew when they die
     */
    public void start(TaskSupervisor tasks) {
        start((name, body) -> tasks.supervise(name, Importance.CRITICAL, body));
    }

    /** The same for a process that ends with what it does now: what dies is logged, and left. */
    public void start() {
        Promise<Void> never = Promise.promise();
        start((name, body) -> body.run(never::future).onFailure(e -> LOG.error("{} died", name, e)));
    }

    private void start(BiConsumer<String, TaskBody> begin) {
        if (parts.config().sizeBytes() > 0) {
            begin.accept("cache-upkeep", new OwnThread("musicfs-chunk-upkeep", this::turn));
            DiskWatch watched = watch;
            if (watched != null) {
                // Its trial may hang as the disk does, which must not hold up the other.
                begin.accept("cache-disk", new OwnThread("musicfs-chunk-disk", ended -> watch(watched, ended)));
            }
        }
    }

    /**
     * Waits until the directory has been opened, or has been found not to open.
     *
     * @return false when neither has come about by the deadline
     */
    public boolean awaitTriedBlocking(Deadline deadline) {
        return Polling.until(opening::isTried, TRIED_INTERVAL, deadline);
    }

    /**
     * Waits until files and index have been compared after the start.
     *
     * @return false when that has not come about by the deadline
     */
    public boolean awaitCountedBlocking(Deadline deadline) {
        return Polling.until(() -> opening.isDone() && upkeep.isCounted(), COUNTED_INTERVAL, deadline);
    }

    /** Ends what is under way, in bounded time, and closes the index so that the next start need not make it anew. */
    public void closeBlocking() {
        closed = true;
        Thread turning = thread;
        if (turning != null) {
            upkeep.stop();
            LockSupport.unpark(turning);
            joinBlocking(turning);
        }
        if (opening.isDone()) {
            upkeep.closeBlocking();
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
            wake();
        }
    }

    @Override
    public ChunkId putBlocking(ByteBuffer bytes, Tier tier) {
        int length = bytes.remaining();
        if (length == 0 || length > MAX_CHUNK_BYTES) {
            throw new MusicFsException(FailureKind.INVALID, "A chunk has 1 to 1048576 bytes, not " + length);
        }
        requireUsable();
        ChunkId chunk = ChunkId.of(bytes);
        try {
            switch (holdings.putBlocking(chunk, bytes, tier, clock.wallNanos())) {
                case WRITTEN -> counters.puts.increment();
                case KEPT -> counters.duplicates.increment();
            }
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.NO_SPACE) {
                limit.lookAgain();
            } else {
                counters.failures.increment();
            }
            wake();
            throw e;
        }
        if (upkeep.isPressing()) {
            wake();
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
        chunks.forEach(holdings::removeBlocking);
    }

    @Override
    public void pinBlocking(Collection<ChunkId> chunks, boolean pinned) {
        requireUsable();
        upkeep.pinBlocking(chunks, pinned);
    }

    @Override
    public StoreState state() {
        if (!opening.isDone() || closed) {
            return StoreState.UNUSABLE;
        }
        StoreState disk = parts.disk().get();
        if (disk != StoreState.NORMAL) {
            return disk;
        }
        long filled = account.filledBytes();
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
        Account.Sums sums = account.sums();
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
        return upkeep.verifyBlocking(repair, cancelled, progress);
    }

    /** Reads every chunk and deletes the damaged ones, as is otherwise done little by little. */
    public ScrubReport scrubBlocking(BooleanSupplier cancelled, LongConsumer progress) {
        requireUsable();
        return upkeep.scrubBlocking(cancelled, progress);
    }

    /** Removes all chunks, pinned ones only if asked to; gives the bytes of their files. */
    public long clearBlocking(boolean alsoPinned) {
        requireUsable();
        return upkeep.clearBlocking(alsoPinned);
    }

    /** Why the directory could not be opened, in a sentence; empty when it could or has not been tried. */
    public Optional<String> trouble() {
        return opening.trouble();
    }

    /** Opens the directory, without a thread: whoever calls this turns {@link #tickBlocking} by hand. */
    void openBlocking() {
        opening.tryBlocking();
    }

    /** Does what is due at present. */
    public void tickBlocking() {
        if (!closed && opening.isDue()) {
            opening.tryBlocking();
        }
        upkeep.tickBlocking();
    }

    private void failedToRead(ChunkId chunk, FailureKind kind) {
        switch (kind) {
            case CORRUPT -> {
                counters.corruptions.increment();
                upkeep.noteGone(chunk);
            }
            case NOT_FOUND -> upkeep.noteGone(chunk);
            case INVALID -> {}
            case READ_ONLY, STALE, UNAVAILABLE, TIMEOUT, REJECTED, NO_SPACE, INTERNAL -> counters.failures.increment();
        }
    }

    private void watch(DiskWatch watched, BooleanSupplier ended) {
        while (!closed && !ended.getAsBoolean()) {
            watched.tickBlocking();
            LockSupport.parkNanos(TURN_NANOS);
        }
    }

    // What the disk may do is no reason to die: the rooms below say so by their failures' kinds.
    private void turn(BooleanSupplier ended) {
        thread = Thread.currentThread();
        upkeep.until(ended);
        while (!closed && !ended.getAsBoolean()) {
            if (!opening.isTried()) {
                opening.tryBlocking();
            }
            tickBlocking();
            // Pressing work that cannot be done must not turn into a busy loop.
            LockSupport.parkNanos(upkeep.isPressing() ? PRESSING_TURN_NANOS : TURN_NANOS);
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private boolean isUsable() {
        return opening.isDone() && !closed && parts.disk().get() != StoreState.UNUSABLE;
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

    private static void joinBlocking(Thread turning) {
        try {
            turning.join(LAST_TURN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
