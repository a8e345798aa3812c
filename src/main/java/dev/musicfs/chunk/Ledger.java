package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import java.util.Optional;

/**
 * The sums over all chunks, exact at every instant, and what is reserved for chunks that are being written: used and
 * reserved together never exceed the limit given with a reservation. Safe for many threads.
 */
final class Ledger {
    /** The sums; bytes are lengths of chunk files. */
    record Sums(long chunks, long usedBytes, long tagsBytes, long pinnedBytes) {
        static final Sums NONE = new Sums(0, 0, 0, 0);

        private Sums plus(Entry entry, int sign) {
            long bytes = sign * entry.fileBytes();
            return new Sums(
                    chunks + sign,
                    usedBytes + bytes,
                    tagsBytes + (entry.tier() == Tier.TAGS ? bytes : 0),
                    pinnedBytes + (entry.pinned() ? bytes : 0));
        }
    }

    private Sums sums = Sums.NONE;
    private long reservedBytes;

    synchronized Sums sums() {
        return sums;
    }

    /** What is used and what is about to be. */
    synchronized long committedBytes() {
        return sums.usedBytes() + reservedBytes;
    }

    /** Starts from these; reservations stay. */
    synchronized void reset(Sums from) {
        sums = from;
    }

    /** Takes room for a file, if there is any. */
    synchronized boolean reserve(long bytes, long limitBytes) {
        if (sums.usedBytes() + reservedBytes + bytes > limitBytes) {
            return false;
        }
        reservedBytes += bytes;
        return true;
    }

    /** Gives room back that was not used. */
    synchronized void release(long bytes) {
        reservedBytes -= bytes;
    }

    /** Turns a reservation into a chunk. */
    synchronized void commit(long reserved, Optional<Entry> before, Entry now) {
        reservedBytes -= reserved;
        change(before, Optional.of(now));
    }

    /** An entry came, changed or went. */
    synchronized void change(Optional<Entry> before, Optional<Entry> now) {
        before.ifPresent(entry -> sums = sums.plus(entry, -1));
        now.ifPresent(entry -> sums = sums.plus(entry, 1));
    }
}
