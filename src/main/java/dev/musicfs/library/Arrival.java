package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.origin.OriginEntry;
import java.util.Optional;

/**
 * A track that is new where it is.
 *
 * @param before the known track that was there until now, when it is another inode
 */
record Arrival(OriginEntry now, Optional<FileRow> before) {
    /** Whether a row is of a track, which alone can be told from others when it moves. */
    static boolean isTrack(FileRow row) {
        return row.kind() == FileKind.AUDIO;
    }
}
