package dev.musicfs.origin;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;

/**
 * One of the places from which the bytes of a file can be had.
 *
 * @param origin where it is
 * @param path where in there
 * @param version what it must be
 * @param audioShift for a copy whose audio alone is the same: what is added to an offset in the leader to find the
 *     same byte of audio in this one; 0 for a copy that is the same from its first byte to its last
 * @param audioOnly whether only the bytes of {@code sameFrom} to {@code sameTo} are the same
 * @param sameFrom where in the leader the same bytes begin, inclusive; 0 unless {@code audioOnly}
 * @param sameTo where they end, exclusive; the size unless {@code audioOnly}
 */
public record Copy(
        OriginId origin,
        RealPath path,
        FileVersion version,
        boolean audioOnly,
        long audioShift,
        long sameFrom,
        long sameTo) {
    /** A copy that is the same from its first byte to its last. */
    public static Copy whole(OriginId origin, RealPath path, FileVersion version) {
        return new Copy(origin, path, version, false, 0, 0, version.sizeBytes());
    }
}
