package dev.musicfs.model;

/** A range of bytes: {@code offset} inclusive, {@code length} may be zero. */
public record ByteRange(long offset, long length) {
    /** Refuses negative numbers and ranges that end beyond {@link Long#MAX_VALUE}. */
    public ByteRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("not a byte range: offset " + offset + ", length " + length);
        }
    }

    /** The first byte after the range. */
    public long end() {
        return offset + length;
    }

    /** The part of this range that lies inside a file of {@code sizeBytes}; empty when it starts at or past the end. */
    public ByteRange within(long sizeBytes) {
        long from = Math.min(offset, sizeBytes);
        return new ByteRange(from, Math.min(end(), sizeBytes) - from);
    }
}
