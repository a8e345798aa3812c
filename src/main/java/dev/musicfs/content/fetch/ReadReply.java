package dev.musicfs.content.fetch;

import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.List;

/** The bytes of a read, or where in the store they are, from its first byte to its last. */
public final class ReadReply {
    private final List<Segment> segments;

    ReadReply(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    public List<Segment> segments() {
        return segments;
    }

    /** Whether none of it is in the store, so that copying it asks no disk. */
    public boolean isInMemory() {
        for (Segment segment : segments) {
            if (segment instanceof Stored) {
                return false;
            }
        }
        return true;
    }

    /** A run of the bytes that were asked for. */
    public sealed interface Segment {}

    /** The bytes between position and limit, not to be changed by anybody; the buffer is this record's own. */
    public record Fetched(ByteBuffer bytes) implements Segment {}

    /** Bytes that have been stored since the reader looked. */
    public record Stored(int block, ChunkId chunk, int offset, int length) implements Segment {}
}
