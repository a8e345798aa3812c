package dev.musicfs.chunk.index;

import dev.musicfs.chunk.Tier;
import dev.musicfs.chunk.index.ChunkIndex.Entry;

/** Sums over the chunks of an index; bytes are those of files. */
public record Totals(long chunks, long usedBytes, long tagsBytes, long pinnedBytes) {
    public static final Totals NONE = new Totals(0, 0, 0, 0);

    public Totals plus(Entry entry) {
        return times(entry, 1);
    }

    public Totals minus(Entry entry) {
        return times(entry, -1);
    }

    private Totals times(Entry entry, long sign) {
        long bytes = sign * entry.fileBytes();
        return new Totals(
                chunks + sign,
                usedBytes + bytes,
                tagsBytes + (entry.tier() == Tier.TAGS ? bytes : 0),
                pinnedBytes + (entry.pinned() ? bytes : 0));
    }
}
