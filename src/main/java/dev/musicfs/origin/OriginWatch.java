package dev.musicfs.origin;

import dev.musicfs.model.RealPath;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.function.Consumer;

/** Changes of an origin as they happen. */
public interface OriginWatch {
    /**
     * Starts watching the whole origin, also again once it ended. The consumer is called on one thread of the watch's own, never concurrently.
     *
     * @return when every directory is watched; fails with {@code NO_SPACE} when the system's watches run out
     */
    Future<Void> start(Consumer<OriginChanges> consumer);

    /**
     * The end of the watching that was begun last, for whatever reason, on whatever thread; with a failure when it died.
     * A watch that cannot tell never completes it.
     */
    default Future<Void> ended() {
        return Promise.<Void>promise().future();
    }

    /** Ends it; the consumer is not called any more once the future completes. */
    Future<Void> stop();

    /**
     * Directories in which something changed and has been quiet since for the settle time.
     *
     * @param directories to be listed anew, each without its sub-directories
     * @param everything true when events were lost and the whole origin must be listed anew
     */
    record OriginChanges(Set<RealPath> directories, boolean everything) {}
}
