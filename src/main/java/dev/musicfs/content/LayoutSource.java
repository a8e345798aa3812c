package dev.musicfs.content;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import io.vertx.core.Future;

/** Where the layout of a file comes from when the catalog does not have it. */
@FunctionalInterface
public interface LayoutSource {
    /**
     * Looks at as little of the file as tells its layout. Fails as {@link Origin#read} does; never throws.
     *
     * @param extension of the file's name, in lower case without the dot, or empty
     */
    Future<AudioLayout> layout(Origin origin, RealPath path, FileVersion version, String extension);

    /** Knows nothing of any format. */
    static LayoutSource unknown() {
        return (origin, path, version, extension) -> Future.succeededFuture(AudioLayout.unknown(version.sizeBytes()));
    }
}
