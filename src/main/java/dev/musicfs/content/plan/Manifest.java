package dev.musicfs.content.plan;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

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

    /**
     * The content hash of a complete manifest: SHA-256 over the size, the layout its blocks were cut by and their addresses
     * in order, as big-endian 64-bit numbers. Of two files with the same hash every byte is the same.
     */
    public ChunkId content() {
        int numbers = 4 + 2 * layout.pictures().size();
        ByteBuffer bytes = ByteBuffer.allocate(numbers * Long.BYTES + chunks.size() * ChunkId.BYTES);
        bytes.putLong(version.sizeBytes()).putLong(layout.audioStart()).putLong(layout.audioEnd());
        bytes.putLong(layout.pictures().size());
        layout.pictures().forEach(picture -> bytes.putLong(picture.offset()).putLong(picture.length()));
        new TreeMap<>(chunks).values().forEach(chunk -> bytes.put(chunk.toBytes()));
        return ChunkId.of(bytes.flip());
    }
}
