package dev.musicfs.chunk.ledger;

import dev.musicfs.chunk.Tier;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.index.ChunkIndex;
import dev.musicfs.chunk.index.ChunkIndex.Change;
import dev.musicfs.chunk.index.ChunkIndex.Entry;
import dev.musicfs.chunk.index.ChunkIndex.Lost;
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
 * Chunk files, their index and their account, changed together: one change of a chunk at a time. The files are the truth;
 * everything goes on without an index, only that nothing can be evicted. Safe for many threads.
 */
public final class Holdings {
    private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);
    private static final int FULL_PERCENT = 99;

    /** What came of putting a chunk. */
    public enum Put {
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
    public record Live(ChunkIndex index, int generation) {
        public boolean isSame(@Nullable Live other) {
            return other != null && generation == other.generation;
        }
    }

    private final ChunkFiles files;
    private final Account account;
    private final SpaceLimit limit;
    private final Ceiling ceiling;
    private final Stripes stripes = new Stripes();

    private volatile @Nullable Live live;
    private volatile boolean closed;
    private volatile boolean countWanted;

    public Holdings(ChunkFiles files, Account account, SpaceLimit limit, Ceiling ceiling) {
        this.files = files;
        this.account = account;
        this.limit = limit;
        this.ceiling = ceiling;
    }

    @Nullable
    public Live live() {
        return live;
    }

    public void use(Live opened) {
        live = opened;
    }

    /** Gives up an index, if it is the one in use. */
    public void lost(Live broken, Lost reason) {
        synchronized (this) {
            if (!broken.isSame(live)) {
                return;
            }
            live = null;
            account.lost(broken.generation());
        }
        LOG.warn("The chunk index is made anew from the chunk files: {}", reason.getMessage());
        broken.index().abandon();
    }

    /** True once after something went so that only a count of all files makes it right. */
    public boolean takeCountWanted() {
        boolean wanted = countWanted;
        countWanted = false;
        return wanted;
    }

    public void wantCount() {
        countWanted = true;
    }

    /** Ends all changes: later ones fail; false when one of those under way does not end. */
    public boolean close() {
        closed = true;
        return stripes.passAll();
    }

    /** Waits for the changes under way, so that those made later all belong to a new round of counting. */
    public boolean passAllChanges() {
        return stripes.passAll();
    }

    public Put putBlocking(ChunkId chunk, ByteBuffer bytes, Tier tier, long nowNanos) {
        return locked(chunk, () -> {
            if (files.existsBlocking(chunk)) {
                keep(chunk, files.fileBytes(bytes.remaining()), tier, nowNanos);
                return Put.KEPT;
            }
            write(chunk, bytes, tier, nowNanos);
            return Put.WRITTEN;
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
    public long evictBlocking(ChunkId chunk, Entry seen) {
        return locked(chunk, () -> {
            Live current = live;
            if (current == null) {
                return 0L;
            }
            try {
                Optional<Entry> now = current.index().get(chunk);
                if (now.isEmpty() || !now.get().withRound(0).equals(seen.withRound(0))) {
                    return 0L;
                }
            } catch (Lost e) {
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
            Live current = live;
            if (current == null) {
                return Agreement.ORPHAN;
            }
            Entry made = new Entry(
                    Math.toIntExact(found.fileBytes()), found.tier(), false, found.modifiedNanos(), account.round());
            try {
                Change change = current.index()
                        .update(
                                found.chunk(),
                                before -> Optional.of(before.map(entry -> counted(entry, made))
                                        .orElse(made)));
                account.adopted(current.generation(), change);
                if (made.tier() == Tier.TAGS
                        && !change.before().map(Entry::tier).equals(Optional.of(Tier.TAGS))) {
                    // It may have been written anew, as another, since it was found.
                    files.setTierBlocking(found.chunk(), Tier.TAGS);
                }
                return agreement(change);
            } catch (Lost e) {
                lost(current, e);
                return Agreement.ORPHAN;
            }
        });
    }

    /** Counts an entry that no walk has met: of a file that could not be looked at, or of none; true for none. */
    public boolean countUnmetBlocking(ChunkId chunk) {
        return locked(chunk, () -> {
            if (!files.existsBlocking(chunk)) {
                change(chunk, before -> Optional.empty());
                return true;
            }
            int round = account.round();
            change(chunk, before -> before.map(entry -> entry.withRound(round)));
            return false;
        });
    }

    private static Entry counted(Entry entry, Entry made) {
        Entry sized = entry.withFileBytes(made.fileBytes()).withRound(made.round());
        return made.tier() == Tier.TAGS ? sized.withTier(Tier.TAGS) : sized;
    }

    private static Agreement agreement(Change change) {
        if (change.before().isEmpty()) {
            return Agreement.ORPHAN;
        }
        return change.before().map(Entry::fileBytes).equals(change.after().map(Entry::fileBytes))
                ? Agreement.EQUAL
                : Agreement.WRONG_SIZE;
    }

    private void keep(ChunkId chunk, long fileBytes, Tier tier, long nowNanos) {
        Live current = live;
        boolean raise = tier == Tier.TAGS;
        if (current != null) {
            Entry made = new Entry(Math.toIntExact(fileBytes), tier, false, nowNanos, account.round());
            try {
                Change change = current.index().update(chunk, before -> kept(before, made));
                account.adopted(current.generation(), change);
                raise &= change.before().map(Entry::tier).orElse(Tier.AUDIO) == Tier.AUDIO;
                if (change.after().isEmpty() && !account.isCounting()) {
                    wantCount();
                }
            } catch (Lost e) {
                lost(current, e);
            }
        }
        if (raise) {
            files.setTierBlocking(chunk, tier);
        }
    }

    // A file without an entry waits for a count, unless its tier is known here.
    private static Optional<Entry> kept(Optional<Entry> before, Entry made) {
        if (made.tier() == Tier.TAGS) {
            return Optional.of(before.orElse(made).withTier(Tier.TAGS).usedAt(made.lastUseNanos()));
        }
        return before.map(entry -> entry.usedAt(made.lastUseNanos()));
    }

    private void write(ChunkId chunk, ByteBuffer bytes, Tier tier, long nowNanos) {
        long fileBytes = files.fileBytes(bytes.remaining());
        if (limit.isFilled(account.filledBytes(), FULL_PERCENT) || !account.reserve(fileBytes, limit.bytes())) {
            throw new MusicFsException(FailureKind.NO_SPACE, "The cache is full");
        }
        boolean settled = false;
        boolean written = false;
        try {
            raiseCeiling();
            files.writeBlocking(chunk, bytes, tier);
            written = true;
            Failpoints.hit(Failpoint.CAS_PUT_AFTER_WRITE_BEFORE_INDEX);
            enter(chunk, fileBytes, tier, nowNanos);
            settled = true;
        } finally {
            if (!settled) {
                giveUp(chunk, fileBytes, written);
            }
        }
    }

    private void raiseCeiling() {
        try {
            ceiling.raiseBlocking(account::filledBytes);
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot note how much the cache may hold", e);
        }
    }

    // Looks for the index after the file was written: whoever opens one walks the files only after that, and so either
    // this finds the new index or the walk finds the file.
    private void enter(ChunkId chunk, long fileBytes, Tier tier, long nowNanos) {
        Live current = live;
        if (current != null) {
            Entry entry = new Entry(Math.toIntExact(fileBytes), tier, false, nowNanos, account.round());
            try {
                // An entry without a file is that of a damaged one; its successor is as dear.
                Change change = current.index()
                        .update(
                                chunk,
                                before -> Optional.of(entry.withPinned(
                                        before.isPresent() && before.get().pinned())));
                account.wrote(fileBytes, current.generation(), change);
                return;
            } catch (Lost e) {
                lost(current, e);
            }
        }
        account.wroteUnindexed(fileBytes);
    }

    private void giveUp(ChunkId chunk, long fileBytes, boolean written) {
        if (!written) {
            account.release(fileBytes);
            return;
        }
        try {
            files.deleteBlocking(chunk);
            account.release(fileBytes);
        } catch (RuntimeException | Error e) {
            // On the way out with another failure, which is the one to be told.
            account.wroteUnindexed(fileBytes);
            wantCount();
        }
    }

    private Optional<Change> change(ChunkId chunk, UnaryOperator<Optional<Entry>> operator) {
        Live current = live;
        if (current == null) {
            return Optional.empty();
        }
        try {
            Change change = current.index().update(chunk, operator);
            account.changed(current.generation(), change);
            return Optional.of(change);
        } catch (Lost e) {
            lost(current, e);
            return Optional.empty();
        }
    }

    private boolean isKnownUnpinned(ChunkId chunk) {
        Live current = live;
        if (current == null) {
            return false;
        }
        try {
            Optional<Entry> entry = current.index().get(chunk);
            return entry.isPresent() && !entry.get().pinned();
        } catch (Lost e) {
            lost(current, e);
            return false;
        }
    }

    private interface Action<T> {
        T run();
    }

    private <T> T locked(ChunkId chunk, Action<T> action) {
        ReentrantLock lock = stripes.lock(chunk);
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
