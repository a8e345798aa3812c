package dev.musicfs.content;

import dev.musicfs.chunk.Tier;
import dev.musicfs.model.ByteRange;

/**
 * How a file is cut into blocks: a pure function of its size and {@link dev.musicfs.model.AudioLayout}. Header, each embedded picture and
 * trailer are apart from the audio and from each other, cut at 1 MiB. The audio's blocks are anchored at its start: 64,
 * 64, 128, 256, 512 KiB, then 1 MiB each; its last 16 KiB and the 112 KiB before them are blocks of their own. Blocks
 * cover the file without gap or overlap, in order, and none is empty.
 */
public final class BlockPlan {
    private final ByteRange[] blocks;
    private final Tier[] tiers;

    BlockPlan(ByteRange[] blocks, Tier[] tiers) {
        this.blocks = blocks;
        this.tiers = tiers;
    }

    /** How many blocks there are; 0 for an empty file. */
    public int count() {
        return blocks.length;
    }

    /** The bytes of a block. */
    public ByteRange range(int block) {
        return blocks[block];
    }

    /** Whether a block is one that a scan for tags reads. */
    public Tier tier(int block) {
        return tiers[block];
    }
}
