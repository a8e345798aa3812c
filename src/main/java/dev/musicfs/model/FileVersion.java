package dev.musicfs.model;

/**
 * What tells one state of an origin's file from another.
 *
 * @param sizeBytes exact length
 * @param mtimeNanos last modification, nanoseconds since the epoch
 * @param tag what else the origin knows (an ETag, an {@link InodeTag}), or empty
 */
public record FileVersion(long sizeBytes, long mtimeNanos, String tag) {
    /** Whether all but the tag is the same. */
    public boolean sameSizeAndTime(FileVersion other) {
        return sizeBytes == other.sizeBytes && mtimeNanos == other.mtimeNanos;
    }
}
