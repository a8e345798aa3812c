package dev.musicfs.chunk.index;

import dev.musicfs.chunk.EvictionClass;

/** Sums over the chunks of an index; bytes are those of files. */
public record IndexTotals(long chunks, long usedBytes, long tagsBytes, long pinnedBytes) {
    public static final IndexTotals NONE = new IndexTotals(0, 0, 0, 0);

    public IndexTotals plus(IndexEntry entry) {
        return times(entry, 1);
    }

    public IndexTotals minus(IndexEntry entry) {
        return times(entry, -1);
    }

    private IndexTotals times(IndexEntry entry, long sign) {
        long bytes = sign * entry.fileBytes();
        return new IndexTotals(
                chunks + sign,
                usedBytes + bytes,
                tagsBytes + (entry.evictionClass() == EvictionClass.TAGS ? bytes : 0),
                pinnedBytes + (entry.pinned() ? bytes : 0));
    }
}
