package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import java.util.Map;

/**
 * The chunks that are known of one version of a file.
 *
 * @param fileId the {@link FileRow}
 * @param version the version it was begun for, not always the file's present one
 * @param layout the layout its blocks were cut by
 * @param chunks the chunk of each known block, by the block's number from 0
 */
public record ManifestRow(long fileId, FileVersion version, AudioLayout layout, Map<Integer, ChunkId> chunks) {
    /** Keeps its own copy of the chunks. */
    public ManifestRow {
        chunks = Map.copyOf(chunks);
    }
}
