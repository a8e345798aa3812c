package dev.musicfs.content.file;

import dev.musicfs.runtime.Deadline;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@link ContentVerticle#OPEN} for a file. The file is handed over inside the request, so that one that is opened
 * after its reader has given up is closed.
 */
public final class OpenRequest {
    private final long fileId;
    private final Deadline deadline;
    private final AtomicReference<@Nullable State> state = new AtomicReference<>();

    /** For the file with this catalog number; after the deadline nobody waits for it. */
    public OpenRequest(long fileId, Deadline deadline) {
        this.fileId = fileId;
        this.deadline = deadline;
    }

    long fileId() {
        return fileId;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Hands the file over, or closes it when nobody waits for it any more. */
    void deliver(OpenFile file) {
        if (!state.compareAndSet(null, new State(file))) {
            file.close();
        }
    }

    /** The file, once the reply has come; the caller owns it. */
    public @Nullable OpenFile take() {
        State now = state.get();
        return now == null ? null : now.file();
    }

    /** Nobody waits any more: a file that was or will be delivered is closed. */
    public void abandon() {
        State before = state.getAndSet(new State(null));
        if (before != null && before.file() != null) {
            before.file().close();
        }
    }

    /** Delivered, or abandoned when there is no file in it. */
    private record State(@Nullable OpenFile file) {}
}
