package dev.musicfs.content.file;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Blocks in memory whose bytes nobody waits for, the least recently used first. Confined to the loop. */
final class IdleBlocks {
    private final Set<Block> blocks = new LinkedHashSet<>();

    /** The block is used now and may be given up from now on. */
    void touch(Block block) {
        blocks.remove(block);
        blocks.add(block);
    }

    /** The block is not to be given up. */
    void remove(Block block) {
        blocks.remove(block);
    }

    /** Gives up blocks until so many bytes are free or no block is left, only those no more is fetched of if said so. */
    void reclaim(long bytes, boolean restingOnly, @Nullable Block except) {
        long left = bytes;
        for (Block block : List.copyOf(blocks)) {
            if (left <= 0) {
                return;
            }
            if (block != except && (!restingOnly || block.resting())) {
                left -= block.shed();
            }
        }
    }
}
