package dev.musicfs.content.plan;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;

/** Where the layout of a file comes from when the catalog does not have it. */
@FunctionalInterface
public interface LayoutSource {
    /**
     * Reads as little of the file as tells its layout, until the deadline. Fails as {@link FileSource#read} does;
     * never throws.
     *
     * @param extension of the file's name, in lower case without the dot, or empty
     */
    Future<AudioLayout> layout(FileSource source, String extension, Deadline deadline);

    /** Knows nothing of any format. */
    static LayoutSource unknown() {
        return (source, extension, deadline) ->
                Future.succeededFuture(AudioLayout.unknown(source.version().sizeBytes()));
    }
}
