package dev.musicfs.content.file;

import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.model.ByteRange;
import dev.musicfs.runtime.Deadline;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@link ContentVerticle#READ} for bytes that {@link CachedFile#readPresentBlocking} could not give. They are handed over
 * inside the request, so that their memory is given back when they come after the reader has given up.
 */
public final class ReadRequest {
    private final CachedFile file;
    private final ByteRange range;
    private final boolean pastStore;
    private final Deadline deadline;
    private final AtomicReference<@Nullable State> state = new AtomicReference<>();

    /**
     * @param range what is wanted, inside the file
     * @param pastStore whether all of it is to come from the origin: set when the store failed to give what it should have
     * @param deadline after which nobody waits for the reply
     */
    public ReadRequest(CachedFile file, ByteRange range, boolean pastStore, Deadline deadline) {
        this.file = file;
        this.range = range;
        this.pastStore = pastStore;
        this.deadline = deadline;
    }

    /** Delivered, or over when there is no reply in it. */
    private record State(@Nullable ReadReply reply) {}

    CachedFile file() {
        return file;
    }

    ByteRange range() {
        return range;
    }

    boolean pastStore() {
        return pastStore;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Hands the bytes over, or gives their memory back when nobody waits for them any more. */
    void deliver(ReadReply reply) {
        if (!state.compareAndSet(null, new State(reply))) {
            reply.close();
        }
    }

    /** The bytes, once the reply has come; the caller closes them. */
    public @Nullable ReadReply take() {
        State now = state.getAndSet(new State(null));
        return now == null ? null : now.reply();
    }

    /** Nobody waits any more: what was or will be delivered is closed. */
    public void abandon() {
        ReadReply delivered = take();
        if (delivered != null) {
            delivered.close();
        }
    }
}
