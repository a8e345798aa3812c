package dev.musicfs.app;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.content.plan.Manifest;
import dev.musicfs.content.plan.Manifests;
import dev.musicfs.failure.Attended;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Pins the chunks that a pinned file gains after it was pinned. */
@Attended(workers = "for pins that a write of a manifest waits for")
final class PinningManifests implements Manifests {
    private final Manifests manifests;
    private final CatalogReader catalog;
    private final ChunkStore store;
    private final WorkerExecutor worker;

    PinningManifests(Vertx vertx, Manifests manifests, CatalogReader catalog, ChunkStore store) {
        this.manifests = manifests;
        this.catalog = catalog;
        this.store = store;
        this.worker = vertx.createSharedWorkerExecutor("musicfs-pins", 1);
    }

    @Override
    public Future<Optional<Manifest>> load(long fileId) {
        return manifests.load(fileId);
    }

    @Override
    public Future<Optional<AudioLayout>> layout(long fileId, FileVersion version) {
        return manifests.layout(fileId, version);
    }

    @Override
    public Future<Void> putLayout(long fileId, FileVersion version, AudioLayout layout) {
        return manifests.putLayout(fileId, version, layout);
    }

    @Override
    public Future<Void> begin(long fileId, Manifest manifest) {
        return manifests
                .begin(fileId, manifest)
                .compose(done -> pin(fileId, manifest.chunks().values()));
    }

    @Override
    public Future<Void> add(long fileId, FileVersion version, Map<Integer, ChunkId> chunks) {
        return manifests.add(fileId, version, chunks).compose(done -> pin(fileId, chunks.values()));
    }

    @Override
    public Future<Void> completed(long fileId, Manifest manifest) {
        return manifests.completed(fileId, manifest);
    }

    @Override
    public Future<Void> forget(long fileId) {
        return manifests.forget(fileId);
    }

    // One file after another, since there is one thread: bounded by what the catalog lets be written at a time. Not
    // "ordered": Vert.x's queue for that throws when the daemon ends while something waits in it.
    private Future<Void> pin(long fileId, Collection<ChunkId> chunks) {
        return worker.executeBlocking(
                () -> {
                    if (catalog.isPinnedBlocking(fileId)) {
                        store.pinBlocking(chunks, true);
                    }
                    return null;
                },
                false);
    }
}
