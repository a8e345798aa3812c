package dev.musicfs.content.plan;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Where manifests and layouts are kept between runs. Nothing here throws; failures are those of the catalog. */
public interface Manifests {
    /** The manifest of a file, of whatever version it was begun for; empty without one. */
    Future<Optional<Manifest>> load(long fileId);

    /** The layout read from this version of the file; empty when it has not been read. */
    Future<Optional<AudioLayout>> layout(long fileId, FileVersion version);

    /** Remembers the layout of a version. */
    Future<Void> putLayout(long fileId, FileVersion version, AudioLayout layout);

    /** Replaces what there is by this manifest. A file the catalog no longer has is ignored. */
    Future<Void> begin(long fileId, Manifest manifest);

    /** Adds blocks to the manifest of this version; ignored when the manifest is another version's or gone. */
    Future<Void> add(long fileId, FileVersion version, Map<Integer, ChunkId> chunks);

    /** Says that all blocks of the manifest are known and written down, so that other files of its content can be found. */
    default Future<Void> completed(long fileId, Manifest manifest) {
        return Future.succeededFuture();
    }

    /** Forgets the manifest. */
    Future<Void> forget(long fileId);
}
