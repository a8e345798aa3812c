package dev.musicfs.content.fetch;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.content.plan.BlockPlan;

/**
 * Which blocks one reader will want next. While it reads sequentially, the window ahead of it widens; a seek closes the
 * window. A scan for tags never opens it: not by the blocks of tags and covers, and not by the beginning of the audio, of
 * which MPD takes 512 KiB through io_uring and the kernel 128 KiB more, before the tags are looked at. Confined to the loop.
 */
public final class ReadAhead {
    private static final long FIRST_WINDOW_BYTES = 512 << 10;
    /** Each widening takes a round trip to a distant origin, so it goes fast: 512 KiB, 2, 8 MiB. */
    private static final int WIDENING = 4;

    /** So much audio in one go no scan reads; the blocks after it are of 1 MiB each, fetched whole. */
    private static final long SCAN_BYTES = 896 << 10;

    private final long maxBytes;
    private int last = -1;
    /** Where the reader began to read sequentially. */
    private long runStart;

    private long windowBytes;
    private long until;

    /** @param maxBytes how far ahead of the reader it goes; 0 for not at all */
    public ReadAhead(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The reader has read in these blocks, the last one included. */
    void read(BlockPlan plan, int first, int lastRead) {
        boolean near = first <= last + 1 && first >= last - 1;
        if (near && lastRead <= last) {
            // The kernel sends several requests at a time, and they come in any order.
            return;
        }
        last = lastRead;
        if (!near) {
            runStart = plan.range(first).offset();
        }
        if (near && beyondScans(plan, lastRead)) {
            windowBytes = Math.min(windowBytes == 0 ? FIRST_WINDOW_BYTES : WIDENING * windowBytes, maxBytes);
            until = plan.range(lastRead).end() + windowBytes;
        } else {
            stop();
        }
    }

    private boolean beyondScans(BlockPlan plan, int block) {
        long before = plan.range(block).offset() - SCAN_BYTES;
        return before >= runStart
                && plan.evictionClass(block) == EvictionClass.AUDIO
                && plan.evictionClass(plan.blockAt(before)) == EvictionClass.AUDIO;
    }

    /** Closes the window until the reader has gone on. */
    void stop() {
        windowBytes = 0;
        until = 0;
    }

    /** Whether this block is one to be fetched ahead. */
    boolean wants(BlockPlan plan, int block) {
        return block > last && block < plan.count() && plan.range(block).offset() < until;
    }

    /** The first block that may be wanted ahead. */
    int next() {
        return last + 1;
    }
}
