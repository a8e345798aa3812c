package dev.musicfs.content.plan;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Keeps nothing: without a store there are no addresses to keep. */
public final class NoManifests implements Manifests {
    @Override
    public Future<Optional<Manifest>> load(long fileId) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<AudioLayout>> layout(long fileId, FileVersion version) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> putLayout(long fileId, FileVersion version, AudioLayout layout) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> begin(long fileId, Manifest manifest) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> add(long fileId, FileVersion version, Map<Integer, ChunkId> chunks) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> forget(long fileId) {
        return Future.succeededFuture();
    }
}
