package dev.musicfs.content.fetch;

import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.PooledBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes of a read, or where in the store they are, from its first byte to its last. Holds memory until it is closed, which
 * whoever gets it has to do; idempotent and for any thread.
 */
public final class ReadReply implements AutoCloseable {
    private final List<Segment> segments;
    private final AtomicBoolean closed = new AtomicBoolean();

    ReadReply(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    /** Not to be used once it is closed. */
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

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            for (Segment segment : segments) {
                if (segment instanceof Fetched fetched) {
                    fetched.piece().release();
                }
            }
        }
    }

    /** A run of the bytes that were asked for. */
    public sealed interface Segment {}

    /** Bytes of a piece from an offset in it, held by the reply. */
    public record Fetched(PooledBuffer piece, int offset, int length) implements Segment {}

    /** Bytes that have been stored since the reader looked. */
    public record Stored(int block, ChunkId chunk, int offset, int length) implements Segment {}
}
