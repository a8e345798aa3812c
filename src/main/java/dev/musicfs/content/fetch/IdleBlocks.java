package dev.musicfs.content.fetch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Blocks in memory whose bytes nobody waits for, the least recently used first. Confined to the loop. */
final class IdleBlocks {
    private final Set<Held> blocks = new LinkedHashSet<>();

    /** A block that holds memory. */
    interface Held {
        /** Whether nothing of it is on its way and nothing will be unless somebody asks. */
        boolean resting();

        /** Gives up what is in memory and nobody waits for; how many bytes that was. */
        long shed();
    }

    /** The block is used now and may be given up from now on. */
    void touch(Held block) {
        blocks.remove(block);
        blocks.add(block);
    }

    /** The block is not to be given up. */
    void remove(Held block) {
        blocks.remove(block);
    }

    /**
     * Gives up blocks until so many bytes are free or no block is left.
     *
     * @param restingOnly whether blocks of which more is being fetched are kept
     * @param except a block that is kept
     */
    void reclaim(long bytes, boolean restingOnly, @Nullable Held except) {
        long left = bytes;
        for (Held block : List.copyOf(blocks)) {
            if (left <= 0) {
                return;
            }
            if (block != except && (!restingOnly || block.resting())) {
                left -= block.shed();
            }
        }
    }
}
