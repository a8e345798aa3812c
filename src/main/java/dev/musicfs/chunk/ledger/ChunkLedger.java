package dev.musicfs.chunk.ledger;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.index.ChunkIndex;
import dev.musicfs.chunk.index.ChunkIndex.Change;
import dev.musicfs.chunk.index.IndexEntry;
import dev.musicfs.chunk.index.IndexLostException;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store holds: chunk files, their index entries and the accounting, changed together, one change of a chunk at a
 * time. The files are the truth; without an index everything goes on, except that nothing is evicted. Safe for many
 * threads.
 */
public final class ChunkLedger {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkLedger.class);
    private static final int FULL_PERCENT = 99;

    /** The outcome of putting a chunk. */
    public enum PutOutcome {
        WRITTEN,
        KEPT
    }

    /** How a file and its entry agreed. */
    public enum Agreement {
        EQUAL,
        ORPHAN,
        WRONG_SIZE,
        NO_FILE
    }

    /** An index in use. */
    public record LiveIndex(ChunkIndex index, int generation) {
        public boolean isSame(@Nullable LiveIndex other) {
            return other != null && generation == other.generation;
        }
    }

    private final ChunkFiles files;
    private final SpaceAccounting accounting;
    private final SpaceLimit limit;
    private final SizeReservation reservation;
    private final ChunkLocks locks = new ChunkLocks();

    private volatile @Nullable LiveIndex live;
    private volatile boolean closed;
    private volatile boolean countWanted;

    public ChunkLedger(ChunkFiles files, SpaceAccounting accounting, SpaceLimit limit, SizeReservation reservation) {
        this.files = files;
        this.accounting = accounting;
        this.limit = limit;
        this.reservation = reservation;
    }

    @Nullable
    public LiveIndex live() {
        return live;
    }

    public void use(LiveIndex opened) {
        live = opened;
    }

    /** Gives up an index, if it is the one in use. */
    public void lost(LiveIndex broken, IndexLostException reason) {
        synchronized (this) {
            if (!broken.isSame(live)) {
                return;
            }
            live = null;
            accounting.lost(broken.generation());
        }
        LOG.warn("The chunk index is rebuilt from the chunk files: {}", reason.getMessage());
        broken.index().abandon();
    }

    /** Whether something happened that only a count of all files can put right; asking takes the wish back. */
    public boolean takeCountWanted() {
        boolean wanted = countWanted;
        countWanted = false;
        return wanted;
    }

    public void wantCount() {
        countWanted = true;
    }

    /** Refuses all further changes; false when one of those under way does not end. */
    public boolean close() {
        closed = true;
        return locks.passAll();
    }

    /** Waits for the changes under way, so that those made later all belong to a new round of counting. */
    public boolean passAllChanges() {
        return locks.passAll();
    }

    public PutOutcome putBlocking(ChunkId chunk, ByteBuffer bytes, EvictionClass evictionClass, long nowNanos) {
        return locked(chunk, () -> {
            if (files.existsBlocking(chunk)) {
                keep(chunk, files.fileBytes(bytes.remaining()), evictionClass, nowNanos);
                return PutOutcome.KEPT;
            }
            write(chunk, bytes, evictionClass, nowNanos);
            return PutOutcome.WRITTEN;
        });
    }

    /** Removes file and entry; true when there was a file. */
    public boolean removeBlocking(ChunkId chunk) {
        return locked(chunk, () -> {
            boolean there = files.deleteBlocking(chunk);
            change(chunk, before -> Optional.empty());
            return there;
        });
    }

    /** Removes file and entry, but not of a pinned chunk unless asked to; true when there was a file. */
    public boolean clearBlocking(ChunkId chunk, boolean alsoPinned) {
        return locked(chunk, () -> {
            if (!alsoPinned && !isKnownUnpinned(chunk)) {
                return false;
            }
            boolean there = files.deleteBlocking(chunk);
            change(chunk, before -> Optional.empty());
            return there;
        });
    }

    /** Removes a chunk whose entry is still exactly this one; the bytes that gives. */
    public long evictBlocking(ChunkId chunk, IndexEntry seen) {
        return locked(chunk, () -> {
            LiveIndex current = live;
            if (current == null) {
                return 0L;
            }
            try {
                Optional<IndexEntry> now = current.index().get(chunk);
                if (now.isEmpty() || !now.get().withRound(0).equals(seen.withRound(0))) {
                    return 0L;
                }
            } catch (IndexLostException e) {
                lost(current, e);
                return 0L;
            }
            files.deleteBlocking(chunk);
            change(chunk, before -> Optional.empty());
            return (long) seen.fileBytes();
        });
    }

    public void pinBlocking(ChunkId chunk, boolean pinned) {
        locked(chunk, () -> change(chunk, before -> before.map(entry -> entry.withPinned(pinned))));
    }

    /** Removes the entry of a chunk without a file; true when there was one. */
    public boolean forgetIfGoneBlocking(ChunkId chunk) {
        return locked(chunk, () -> {
            if (files.existsBlocking(chunk)) {
                return false;
            }
            return change(chunk, before -> Optional.empty())
                    .flatMap(Change::before)
                    .isPresent();
        });
    }

    /** Counts a file, and makes its entry agree with it. */
    public Agreement countBlocking(ChunkFiles.Found found) {
        return locked(found.chunk(), () -> {
            if (!files.existsBlocking(found.chunk())) {
                return Agreement.NO_FILE;
            }
            LiveIndex current = live;
            if (current == null) {
                return Agreement.ORPHAN;
            }
            IndexEntry made = new IndexEntry(
                    Math.toIntExact(found.fileBytes()),
                    found.evictionClass(),
                    false,
                    found.modifiedNanos(),
                    accounting.round());
            try {
                Change change = current.index()
                        .update(
                                found.chunk(),
                                before -> Optional.of(before.map(entry -> counted(entry, made))
                                        .orElse(made)));
                accounting.adopted(current.generation(), change);
                if (made.evictionClass() == EvictionClass.TAGS
                        && !change.before().map(IndexEntry::evictionClass).equals(Optional.of(EvictionClass.TAGS))) {
                    // It may have been written again, in another eviction class, since it was found.
                    files.setEvictionClassBlocking(found.chunk(), EvictionClass.TAGS);
                }
                return agreement(change);
            } catch (IndexLostException e) {
                lost(current, e);
                return Agreement.ORPHAN;
            }
        });
    }

    /** Counts an entry that the walk over the files did not meet: its file could not be read, or is gone; true when it is gone. */
    public boolean countUnmetBlocking(ChunkId chunk) {
        return locked(chunk, () -> {
            if (!files.existsBlocking(chunk)) {
                change(chunk, before -> Optional.empty());
                return true;
            }
            int round = accounting.round();
            change(chunk, before -> before.map(entry -> entry.withRound(round)));
            return false;
        });
    }

    private static IndexEntry counted(IndexEntry entry, IndexEntry made) {
        IndexEntry sized = entry.withFileBytes(made.fileBytes()).withRound(made.round());
        return made.evictionClass() == EvictionClass.TAGS ? sized.withEvictionClass(EvictionClass.TAGS) : sized;
    }

    private static Agreement agreement(Change change) {
        if (change.before().isEmpty()) {
            return Agreement.ORPHAN;
        }
        return change.before().map(IndexEntry::fileBytes).equals(change.after().map(IndexEntry::fileBytes))
                ? Agreement.EQUAL
                : Agreement.WRONG_SIZE;
    }

    private void keep(ChunkId chunk, long fileBytes, EvictionClass evictionClass, long nowNanos) {
        LiveIndex current = live;
        boolean raise = evictionClass == EvictionClass.TAGS;
        if (current != null) {
            IndexEntry made =
                    new IndexEntry(Math.toIntExact(fileBytes), evictionClass, false, nowNanos, accounting.round());
            try {
                Change change = current.index().update(chunk, before -> kept(before, made));
                accounting.adopted(current.generation(), change);
                raise &= change.before().map(IndexEntry::evictionClass).orElse(EvictionClass.AUDIO)
                        == EvictionClass.AUDIO;
                if (change.after().isEmpty() && !accounting.isCounting()) {
                    wantCount();
                }
            } catch (IndexLostException e) {
                lost(current, e);
            }
        }
        if (raise) {
            files.setEvictionClassBlocking(chunk, evictionClass);
        }
    }

    // A file without an entry waits for a count, unless its eviction class is known here.
    private static Optional<IndexEntry> kept(Optional<IndexEntry> before, IndexEntry made) {
        if (made.evictionClass() == EvictionClass.TAGS) {
            return Optional.of(
                    before.orElse(made).withEvictionClass(EvictionClass.TAGS).usedAt(made.lastUseNanos()));
        }
        return before.map(entry -> entry.usedAt(made.lastUseNanos()));
    }

    private void write(ChunkId chunk, ByteBuffer bytes, EvictionClass evictionClass, long nowNanos) {
        long fileBytes = files.fileBytes(bytes.remaining());
        if (limit.isFilled(accounting.filledBytes(), FULL_PERCENT) || !accounting.reserve(fileBytes, limit.bytes())) {
            throw new MusicFsException(FailureKind.NO_SPACE, "The cache is full");
        }
        boolean settled = false;
        boolean written = false;
        try {
            raiseReservation();
            files.writeBlocking(chunk, bytes, evictionClass);
            written = true;
            Failpoints.hit(Failpoint.CAS_PUT_AFTER_WRITE_BEFORE_INDEX);
            enter(chunk, fileBytes, evictionClass, nowNanos);
            settled = true;
        } finally {
            if (!settled) {
                giveUp(chunk, fileBytes, written);
            }
        }
    }

    private void raiseReservation() {
        try {
            reservation.raiseBlocking(accounting::filledBytes);
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot note how much the cache may hold", e);
        }
    }

    // The index is looked for after the file was written, and a new index walks the files after it was opened: so
    // either this finds the new index, or the walk finds the file.
    private void enter(ChunkId chunk, long fileBytes, EvictionClass evictionClass, long nowNanos) {
        LiveIndex current = live;
        if (current != null) {
            IndexEntry entry =
                    new IndexEntry(Math.toIntExact(fileBytes), evictionClass, false, nowNanos, accounting.round());
            try {
                // An entry without a file is that of a damaged chunk; its successor stays pinned.
                Change change = current.index()
                        .update(
                                chunk,
                                before -> Optional.of(entry.withPinned(
                                        before.isPresent() && before.get().pinned())));
                accounting.wrote(fileBytes, current.generation(), change);
                return;
            } catch (IndexLostException e) {
                lost(current, e);
            }
        }
        accounting.wroteUnindexed(fileBytes);
    }

    private void giveUp(ChunkId chunk, long fileBytes, boolean written) {
        if (!written) {
            accounting.release(fileBytes);
            return;
        }
        try {
            files.deleteBlocking(chunk);
            accounting.release(fileBytes);
        } catch (RuntimeException | Error e) {
            // Another failure is being thrown already, and is the one that matters.
            accounting.wroteUnindexed(fileBytes);
            wantCount();
        }
    }

    private Optional<Change> change(ChunkId chunk, UnaryOperator<Optional<IndexEntry>> operator) {
        LiveIndex current = live;
        if (current == null) {
            return Optional.empty();
        }
        try {
            Change change = current.index().update(chunk, operator);
            accounting.changed(current.generation(), change);
            return Optional.of(change);
        } catch (IndexLostException e) {
            lost(current, e);
            return Optional.empty();
        }
    }

    private boolean isKnownUnpinned(ChunkId chunk) {
        LiveIndex current = live;
        if (current == null) {
            return false;
        }
        try {
            Optional<IndexEntry> entry = current.index().get(chunk);
            return entry.isPresent() && !entry.get().pinned();
        } catch (IndexLostException e) {
            lost(current, e);
            return false;
        }
    }

    private interface Action<T> {
        T run();
    }

    private <T> T locked(ChunkId chunk, Action<T> action) {
        ReentrantLock lock = locks.lock(chunk);
        try {
            if (closed) {
                throw new MusicFsException(FailureKind.UNAVAILABLE, "The cache is closed");
            }
            return action.run();
        } finally {
            lock.unlock();
        }
    }
}
