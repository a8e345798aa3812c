package dev.musicfs.content.file;

import dev.musicfs.runtime.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;

/** Opens files of the library. */
@FunctionalInterface
public interface FileOpener {
    /** The verticle that answers for it has been started; called once, on its event loop, before anything is opened. */
    default void started(Context loop) {}

    /**
     * Opens the catalog's current version of a file. Fails with {@code NOT_FOUND} when the catalog does not have it,
     * {@code STALE} when the origin has another version, and as its origin fails. The receiver owns the file.
     *
     * @param deadline after which nobody waits for it; a file that comes later is still the receiver's
     */
    Future<OpenFile> open(long fileId, Deadline deadline);
}
