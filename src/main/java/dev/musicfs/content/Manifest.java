package dev.musicfs.content;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import java.util.Map;

/**
 * Which chunks one version of a file consists of, as far as they have been seen.
 *
 * @param version the version
 * @param layout the layout its blocks were cut by
 * @param chunks the address of each known block, by the block's number in {@link BlockPlan}
 */
public record Manifest(FileVersion version, AudioLayout layout, Map<Integer, ChunkId> chunks) {
    /** Keeps its own copy of the chunks. */
    public Manifest {
        chunks = Map.copyOf(chunks);
    }
}
