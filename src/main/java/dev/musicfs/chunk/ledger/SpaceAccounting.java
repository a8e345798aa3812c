package dev.musicfs.chunk.ledger;

import dev.musicfs.chunk.index.ChunkIndex.Change;
import dev.musicfs.chunk.index.IndexEntry;
import dev.musicfs.chunk.index.IndexTotals;
import java.util.Optional;

/**
 * How much the chunk files take, at every instant. Three parts: what the index has an entry for; what is on the disk but
 * not in the index, which is known only from above while an index is being made; and what is reserved for files being
 * written. Their sum is never less than what the disk holds.
 *
 * <p>It can also count all chunks again while they are in use: entries counted in the current round are summed separately,
 * every change goes into both sums, and the new sum replaces the old one at the end.
 *
 * <p>Changes to an index that was given up meanwhile are recognised by its generation. Memory: fixed.
 */
public final class SpaceAccounting {
    private IndexTotals indexed = IndexTotals.NONE;
    private IndexTotals counted = IndexTotals.NONE;
    private boolean counting;
    private long unindexed;
    private long reserved;
    private int generation;
    private int round;

    /** Sets aside bytes for a file, if then no more than {@code most} are taken. */
    synchronized boolean reserve(long bytes, long most) {
        if (bytes > most - filledBytes()) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    /** How many chunks there are; 0 while some are not counted. */
    public synchronized long countedChunks() {
        return unindexed > 0 ? 0 : indexed.chunks();
    }

    /** Gives back what was set aside. */
    synchronized void release(long bytes) {
        reserved -= bytes;
    }

    /** A file was written for which no entry could be made. */
    synchronized void wroteUnindexed(long bytes) {
        reserved -= bytes;
        unindexed += bytes;
    }

    /** A file was written, and an entry made for it where there may have been one without a file. */
    synchronized void wrote(long bytes, int ofGeneration, Change change) {
        reserved -= bytes;
        if (ofGeneration == generation) {
            apply(change);
        } else {
            unindexed += bytes;
        }
    }

    /** An entry was made for a file that was there already. */
    synchronized void adopted(int ofGeneration, Change change) {
        if (ofGeneration == generation) {
            apply(change);
            if (change.before().isEmpty()) {
                unindexed = Math.max(0, unindexed - bytes(change.after()));
            }
        }
    }

    /** An entry was changed or removed along with its file. */
    synchronized void changed(int ofGeneration, Change change) {
        if (ofGeneration == generation) {
            apply(change);
        } else if (change.after().isEmpty()) {
            unindexed = Math.max(0, unindexed - bytes(change.before()));
        }
    }

    /** The index of this generation is gone: what it knew is on the disk all the same. */
    synchronized void lost(int ofGeneration) {
        if (ofGeneration == generation) {
            generation++;
            counting = false;
            unindexed += indexed.usedBytes();
            indexed = IndexTotals.NONE;
        }
    }

    /** An index whose entries have these totals; nothing else is on the disk. */
    public synchronized int openedClean(IndexTotals totals, int lastRound) {
        indexed = totals;
        unindexed = 0;
        round = lastRound;
        return generation;
    }

    /** An index without entries. */
    public synchronized int openedNew() {
        return generation;
    }

    /** Nobody knows what is on the disk, but no more than this. */
    public synchronized void assume(long mostBytes) {
        unindexed = mostBytes;
    }

    /** Starts another count. A change under way at this moment still belongs to the previous round. */
    public synchronized void beginCount() {
        round++;
        counted = IndexTotals.NONE;
        counting = true;
    }

    /** Every file has been counted: from now on the sum is that of this count. False when the index was lost meanwhile. */
    public synchronized boolean endCount(int ofGeneration) {
        if (!counting || ofGeneration != generation) {
            return false;
        }
        indexed = counted;
        unindexed = 0;
        counting = false;
        return true;
    }

    /** Gives up counting. */
    public synchronized void abortCount() {
        counting = false;
    }

    /** Whether a count is under way. */
    synchronized boolean isCounting() {
        return counting;
    }

    /** The round in which a change made now is counted. */
    public synchronized int round() {
        return round;
    }

    /** Sums over the entries of the index. */
    public synchronized IndexTotals totals() {
        return indexed;
    }

    /** Sums of one instant. */
    public record Sums(IndexTotals indexed, long usedBytes) {}

    public synchronized Sums sums() {
        return new Sums(indexed, usedBytes());
    }

    /** Whether the index knows everything that is on the disk. */
    public synchronized boolean isIndexWhole() {
        return unindexed == 0 && reserved == 0;
    }

    /** What is on the disk, from above. */
    public synchronized long usedBytes() {
        return indexed.usedBytes() + unindexed;
    }

    /** That and what is being written. */
    public synchronized long filledBytes() {
        return indexed.usedBytes() + unindexed + reserved;
    }

    private void apply(Change change) {
        Optional<IndexEntry> before = change.before();
        Optional<IndexEntry> after = change.after();
        indexed = times(indexed, before, after);
        if (counting) {
            counted = times(counted, before.filter(this::isCounted), after.filter(this::isCounted));
        }
    }

    private boolean isCounted(IndexEntry entry) {
        return entry.round() == round;
    }

    private static IndexTotals times(IndexTotals sum, Optional<IndexEntry> before, Optional<IndexEntry> after) {
        IndexTotals without = before.isPresent() ? sum.minus(before.get()) : sum;
        return after.isPresent() ? without.plus(after.get()) : without;
    }

    private static long bytes(Optional<IndexEntry> entry) {
        return entry.map(IndexEntry::fileBytes).orElse(0);
    }
}
