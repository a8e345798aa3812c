package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index and the sums over it, changed together. While there is no index ({@link #open} is false: it is being made
 * anew) nothing is known and nothing can be entered. Safe for many threads.
 */
final class ChunkBook {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkBook.class);
    private static final int STRIPES = 64;

    private final Ledger ledger = new Ledger();
    private final Object[] stripes = new Object[STRIPES];
    private volatile @Nullable ChunkIndex index;

    ChunkBook() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    Ledger ledger() {
        return ledger;
    }

    boolean open() {
        return index != null;
    }

    /** Works with this index from now on, whose entries have these sums. */
    void begin(ChunkIndex fresh, Ledger.Sums sums) {
        ledger.reset(sums);
        index = fresh;
    }

    /** Whatever is done to a chunk's file and entry is done inside, so that both tell the same. */
    <T> T alone(ChunkId chunk, Supplier<T> work) {
        synchronized (stripes[(int) (chunk.word1() & (STRIPES - 1))]) {
            return work.get();
        }
    }

    /** Empty when it is not there, or nothing is known. */
    Optional<Entry> get(ChunkId chunk) {
        ChunkIndex now = index;
        try {
            return now == null ? Optional.empty() : now.get(chunk);
        } catch (ChunkIndex.Lost e) {
            lost(now, e);
            return Optional.empty();
        }
    }

    /** Enters a chunk for which room was reserved. When the index is lost meanwhile, its remaking finds the file. */
    void enter(ChunkId chunk, Entry entry, long reserved) {
        ChunkIndex now = index;
        try {
            if (now != null) {
                ledger.commit(reserved, now.put(chunk, entry), entry);
                return;
            }
        } catch (ChunkIndex.Lost e) {
            lost(now, e);
        }
        ledger.release(reserved);
    }

    /** Changes an entry; nothing happens when there is none. */
    void change(ChunkId chunk, UnaryOperator<Entry> change) {
        ChunkIndex now = index;
        try {
            Optional<Entry> before = now == null ? Optional.empty() : now.get(chunk);
            if (now != null && before.isPresent()) {
                Entry after = change.apply(before.get());
                if (!after.equals(before.get())) {
                    ledger.change(now.put(chunk, after), Optional.of(after));
                }
            }
        } catch (ChunkIndex.Lost e) {
            lost(now, e);
        }
    }

    /** Removes an entry, if there is one; gives it. */
    Optional<Entry> remove(ChunkId chunk) {
        ChunkIndex now = index;
        try {
            Optional<Entry> before = now == null ? Optional.empty() : now.get(chunk);
            if (now != null && before.isPresent()) {
                now.remove(List.of(chunk));
                ledger.change(before, Optional.empty());
            }
            return before;
        } catch (ChunkIndex.Lost e) {
            lost(now, e);
            return Optional.empty();
        }
    }

    /** Every entry; fails with {@code UNAVAILABLE} when nothing is known. */
    void forEach(BiConsumer<ChunkId, Entry> consumer) {
        ChunkIndex now = index;
        if (now == null) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "The index of the cache is being made anew.");
        }
        try {
            now.forEach(consumer);
        } catch (ChunkIndex.Lost e) {
            lost(now, e);
            throw new MusicFsException(FailureKind.UNAVAILABLE, "The index of the cache was lost.", e);
        }
    }

    void flush() {
        ChunkIndex now = index;
        try {
            if (now != null) {
                now.flush();
            }
        } catch (ChunkIndex.Lost e) {
            lost(now, e);
        }
    }

    /** Closes the index in order. Nothing may be going on. */
    void close() {
        ChunkIndex now = index;
        index = null;
        if (now != null) {
            now.close(ledger.sums());
        }
    }

    private synchronized void lost(@Nullable ChunkIndex which, ChunkIndex.Lost why) {
        if (which != null && index == which) {
            index = null;
            LOG.warn("The index of the cache is lost and is made anew from the chunks: {}", why.getMessage());
            which.discard();
        }
    }
}
