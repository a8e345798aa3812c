package dev.musicfs.content.fetch;

import dev.musicfs.content.file.CachedFile;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.List;

/** The bytes of a read, or where in the store they are; for {@link CachedFile#takeBlocking}. */
public final class ReadReply {
    private final List<Segment> segments;

    ReadReply(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    public List<Segment> segments() {
        return segments;
    }

    /** Neighbouring bytes of the file. */
    public sealed interface Segment {}

    /** The bytes between position and limit, not to be changed by anybody; the buffer is this record's own. */
    public record Fetched(ByteBuffer bytes) implements Segment {}

    /** Bytes that came into the store since the reader looked. */
    public record Stored(int block, ChunkId chunk, int offset, int length) implements Segment {}
}
