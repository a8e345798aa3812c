package dev.musicfs.catalog;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;

/**
 * A file of an origin that the library shows.
 *
 * @param id the catalog's number, positive, never used again
 * @param origin where it lies
 * @param path where it lies in there; (origin, path) is unique
 * @param kind track or cover
 * @param version size and modification time at the last look
 * @param fileKey the origin's own identity of the file that survives a rename (an inode number), 0 when it has none
 * @param tags what was read from it; {@link TrackTags#unknown} when it could not be read, and for covers
 * @param wellFormed false when the tags could not be read because the file is damaged
 */
public record FileRow(
        long id,
        OriginId origin,
        RealPath path,
        FileKind kind,
        FileVersion version,
        long fileKey,
        TrackTags tags,
        boolean wellFormed) {}
