package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store on a disk of this machine. Reading asks the files alone; the index is for room and order. When the index is
 * lost, reading goes on, storing waits until it has been made anew from the files.
 *
 * <p>{@link StoreKeeper} does what nobody waits for: evicting, noting uses, making the index, comparing, scrubbing.
 */
public final class DiskChunkStore implements ChunkStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskChunkStore.class);

    private final ChunkFiles files;
    private final ChunkBook book = new ChunkBook();
    private final LastUses uses = new LastUses();
    private final StoreCounters counters = new StoreCounters();
    private final Clock clock;
    private final Supplier<StoreState> disk;
    private final StoreLimit limit;
    private final StoreKeeper keeper;
    private final Runnable endThreads;

    DiskChunkStore(
            ChunkFiles files,
            IndexOpener indexes,
            CacheConfig config,
            Clock clock,
            Supplier<StoreState> disk,
            StoreLimit.SpaceProbe space,
            PinnedChunks pinned,
            KeeperThreads threads) {
        this.files = files;
        this.clock = clock;
        this.disk = disk;
        this.limit = new StoreLimit(config, book.ledger(), space);
        Evictor evictor = new Evictor(files, book, uses, limit, config.tagsBytes(), counters.evictions);
        this.keeper = new StoreKeeper(files, indexes, book, limit, evictor, uses, counters, config, clock, pinned);
        this.endThreads = threads.run(keeper);
    }

    /**
     * Opens the store in {@code directory}; touches nothing itself. What has to be done on the disk before anything can be
     * stored is begun on a thread of its own, and a disk that is not fit for it is tried again from time to time.
     *
     * @param pinned which chunks must stay when the index had to be made anew
     */
    public static DiskChunkStore open(Path directory, CacheConfig config, Clock clock, PinnedChunks pinned) {
        DiskWatch watch = new DiskWatch(
                clock,
                new DiskTrial(new StoreLayout(directory), DiskCalls.REAL),
                DiskWatch.Bounds.DEFAULTS,
                (from, to, reason) -> LOG.warn("The cache's disk is {} now, it was {}. {}", to, from, reason));
        return new DiskChunkStore(
                new DiskChunkFiles(directory, DiskCalls.REAL, watch, config.durability()),
                IndexOpener.mapDb(directory),
                config,
                clock,
                watch::state,
                () -> Files.getFileStore(directory).getUsableSpace(),
                pinned,
                keeper -> StoreThreads.start(keeper, watch)::end);
    }

    /** The chunks that are pinned. */
    @FunctionalInterface
    public interface PinnedChunks {
        /** Blocks; may name one more than once. */
        void forEachBlocking(Consumer<ChunkId> consumer);
    }

    /** Runs the keeper's ticks somewhere; what it gives ends that. */
    @FunctionalInterface
    interface KeeperThreads {
        Runnable run(StoreKeeper keeper);
    }

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        try {
            files.readBlocking(chunk, offset, dst);
        } catch (MusicFsException e) {
            readFailed(chunk, e.kind());
            throw e;
        }
        counters.reads.increment();
        uses.note(chunk, clock.wallNanos());
        if (uses.many()) {
            keeper.wake();
        }
    }

    private void readFailed(ChunkId chunk, FailureKind kind) {
        switch (kind) {
            case NOT_FOUND -> keeper.suspect(chunk);
            case CORRUPT -> {
                counters.corruptions.incrementAndGet();
                keeper.suspect(chunk);
            }
            case UNAVAILABLE, TIMEOUT, REJECTED, INTERNAL -> {
                counters.failures.increment();
                keeper.suspect(chunk);
            }
            case READ_ONLY, STALE, NO_SPACE, INVALID -> {}
        }
    }

    @Override
    public ChunkId putBlocking(ByteBuffer bytes, Tier tier) {
        if (!bytes.hasRemaining() || bytes.remaining() > MAX_CHUNK_BYTES) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "A chunk has 1 to " + MAX_CHUNK_BYTES + " bytes, not " + bytes.remaining() + ".");
        }
        requireWritable();
        ChunkId chunk = ChunkId.of(bytes);
        try {
            book.alone(chunk, () -> {
                putAlone(chunk, bytes, tier);
                return true;
            });
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.NO_SPACE) {
                limit.reached();
            } else {
                counters.failures.increment();
            }
            throw e;
        } finally {
            if (limit.fillPercent() >= StoreLimit.EVICTING) {
                keeper.wake();
            }
        }
        return chunk;
    }

    private void putAlone(ChunkId chunk, ByteBuffer bytes, Tier tier) {
        Optional<Entry> before = book.get(chunk);
        if (before.isPresent() && files.existsBlocking(chunk)) {
            counters.duplicates.increment();
            uses.note(chunk, clock.wallNanos());
            if (tier == Tier.TAGS && before.get().tier() == Tier.AUDIO) {
                files.setTierBlocking(chunk, tier);
                book.change(chunk, entry -> entry.withTier(tier));
            }
            return;
        }
        long room = files.fileBytes(bytes.remaining());
        if (!book.ledger().reserve(room, limit.bytes())) {
            throw new MusicFsException(FailureKind.NO_SPACE, "The cache is full; room is being made.");
        }
        boolean entered = false;
        try {
            long written = files.writeBlocking(chunk, bytes.duplicate(), tier);
            Failpoints.hit(Failpoint.CAS_PUT_AFTER_WRITE_BEFORE_INDEX);
            boolean pinned = before.isPresent() && before.get().pinned();
            entered = true;
            book.enter(chunk, new Entry(written, tier, pinned, clock.wallNanos()), room);
            counters.puts.increment();
        } finally {
            if (!entered) {
                takeBack(chunk);
                book.ledger().release(room);
            }
        }
    }

    /** What was written and not entered must not take room that nobody knows of. */
    private void takeBack(ChunkId chunk) {
        try {
            files.deleteBlocking(chunk);
        } catch (MusicFsException e) {
            keeper.suspect(chunk);
        }
    }

    private void requireWritable() {
        if (!book.open()) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "The index of the cache is being made anew.");
        }
        StoreState fill = limit.state();
        if (!fill.writable()) {
            keeper.wake();
            throw new MusicFsException(FailureKind.NO_SPACE, "The cache is full; room is being made.");
        }
    }

    @Override
    public boolean containsBlocking(ChunkId chunk) {
        return files.existsBlocking(chunk);
    }

    @Override
    public void removeBlocking(Collection<ChunkId> chunks) {
        for (ChunkId chunk : chunks) {
            book.alone(chunk, () -> {
                boolean there = files.deleteBlocking(chunk);
                book.remove(chunk);
                return there;
            });
        }
    }

    @Override
    public void pinBlocking(Collection<ChunkId> chunks, boolean pinned) {
        for (ChunkId chunk : chunks) {
            book.alone(chunk, () -> {
                book.change(chunk, entry -> entry.withPinned(pinned));
                return true;
            });
        }
    }

    @Override
    public StoreState state() {
        StoreState ofDisk = disk.get();
        if (ofDisk != StoreState.NORMAL) {
            return ofDisk;
        }
        return book.open() ? limit.state() : StoreState.UNWRITABLE;
    }

    @Override
    public StoreStats stats() {
        Ledger.Sums sums = book.ledger().sums();
        return new StoreStats(
                state(),
                sums.chunks(),
                sums.usedBytes(),
                limit.bytes(),
                sums.tagsBytes(),
                sums.pinnedBytes(),
                counters.reads.sum(),
                counters.puts.sum(),
                counters.duplicates.sum(),
                counters.evictions.get(),
                counters.corruptions.get(),
                counters.failures.sum());
    }

    /**
     * Reads every chunk and compares it with its address, and the index with the files. Blocks for as long as reading all
     * takes. Without {@code repair} nothing is changed.
     *
     * @param cancelled asked before each chunk
     * @param progress told how many chunks have been read
     */
    public VerifyReport verifyBlocking(boolean repair, BooleanSupplier cancelled, LongConsumer progress) {
        return new StoreCheck(files, book, counters.corruptions, repair, true).runBlocking(cancelled, progress);
    }

    /** Removes every chunk, pinned ones only when {@code alsoPinned}. */
    public void clearBlocking(boolean alsoPinned) {
        for (int shard = 0; shard < ChunkFiles.SHARDS; shard++) {
            files.namesBlocking(shard)
                    .forEach(chunk -> book.alone(chunk, () -> {
                        boolean kept = !alsoPinned
                                && book.get(chunk).map(Entry::pinned).orElse(false);
                        if (!kept) {
                            files.deleteBlocking(chunk);
                            book.remove(chunk);
                        }
                        return kept;
                    }));
        }
    }

    /**
     * Waits until the index stands, for programs that come only to look.
     *
     * @return false when it did not within {@code patience}
     */
    public boolean awaitIndexBlocking(Duration patience) {
        return keeper.awaitIndexBlocking(Deadline.in(patience));
    }

    StoreKeeper keeper() {
        return keeper;
    }

    /** Ends what runs behind it, notes uses, and closes index and files in order. Blocks. */
    @Override
    public void close() {
        keeper.stop();
        endThreads.run();
        keeper.finishBlocking();
        files.close();
    }
}
