package dev.musicfs.origin;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;

/**
 * A file or directory as its origin describes it.
 *
 * @param path where it lies
 * @param directory whether it is a directory; everything that is neither file nor directory is not listed at all
 * @param version size and modification time (for a directory only informative)
 * @param fileKey an identity that survives a rename, such as an inode number, or 0
 */
public record OriginEntry(RealPath path, boolean directory, FileVersion version, long fileKey) {}
