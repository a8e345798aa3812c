package dev.musicfs.content.fetch;

import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read some of whose bytes are still to come. Confined to the loop. */
public final class PendingRead {
    private final Deadline deadline;
    private final Promise<ReadReply> reply = Promise.promise();
    private final List<ReadReply.@Nullable Segment> segments = new ArrayList<>();
    /** Parts to come, plus one until the last part has been added. */
    private int open = 1;

    private boolean over;

    /** A read without parts yet; after the deadline nobody waits for it. */
    public PendingRead(Deadline deadline) {
        this.deadline = deadline;
    }

    /** After it nobody waits. */
    public Deadline deadline() {
        return deadline;
    }

    /** Completes on the loop. */
    public Future<ReadReply> reply() {
        return reply.future();
    }

    void stored(int block, ChunkId chunk, int offset, int length) {
        segments.add(new ReadReply.Stored(block, chunk, offset, length));
    }

    /** The next part of the read, which somebody will answer or fail. */
    Part part(int offset, int length) {
        segments.add(null);
        open++;
        return new Part(this, segments.size() - 1, offset, length);
    }

    /** No further part will be added. */
    void whole() {
        close();
    }

    /** Ends it with this failure, whatever its state. */
    public void fail(Throwable why) {
        if (!over) {
            over = true;
            gathered().close();
            reply.fail(why);
        }
    }

    private void close() {
        if (--open == 0 && !over) {
            over = true;
            reply.complete(gathered());
        }
    }

    private ReadReply gathered() {
        List<ReadReply.Segment> all = new ArrayList<>();
        for (ReadReply.@Nullable Segment segment : segments) {
            if (segment != null) {
                all.add(segment);
            }
        }
        return new ReadReply(all);
    }

    /** What a read wants of one piece; {@code offset} is relative to the piece. */
    record Part(PendingRead read, int slot, int offset, int length) {
        /** The read holds the piece until its reply is closed. */
        void answer(PooledBuffer piece) {
            if (!read.over) {
                read.segments.set(slot, new ReadReply.Fetched(piece.retain(), offset, length));
                read.close();
            }
        }

        void fail(Throwable why) {
            read.fail(why);
        }
    }
}
