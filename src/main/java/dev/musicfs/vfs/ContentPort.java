package dev.musicfs.vfs;

import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;

/** The way to what has the bytes of files, and to threads that may wait for a disk. For any thread; never blocks. */
public interface ContentPort {
    /**
     * Sends a request over the event bus. The reply fails with the answerer's failure, with {@code TIMEOUT} at the deadline,
     * or with {@code UNAVAILABLE} when nobody answers. It completes on any thread, an event loop's most likely.
     */
    <T> Future<T> ask(String address, Object request, Class<T> replyType, Deadline deadline);

    /**
     * Runs a task on a thread that may wait for this disk; the task throws nothing. Fails with {@code UNAVAILABLE} when too
     * many wait already.
     */
    void onWorker(Disk disk, Runnable task);

    /** What one may wait for; each has threads of its own. */
    enum Disk {
        /** That of the store. */
        STORE,
        /** Those of this machine's origins. */
        ORIGINS
    }
}
