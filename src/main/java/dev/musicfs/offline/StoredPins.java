package dev.musicfs.offline;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.failure.Attended;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.ExecutorPools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Collection;

/** Pins the chunks that a pinned file gains after it was pinned. For any thread. */
@Attended(workers = "for pins that a write of a manifest waits for")
public final class StoredPins {
    private static final int MOST_WAITING = 10_000;

    private final CatalogReader catalog;
    private final ChunkStore store;
    private final WorkerExecutor worker;

    /** All stay the caller's. */
    public StoredPins(Vertx vertx, CatalogReader catalog, ChunkStore store) {
        this.catalog = catalog;
        this.store = store;
        this.worker = ExecutorPools.workers(vertx, "musicfs-pins", "The keeper of pins", 1, MOST_WAITING);
    }

    /**
     * Has the store keep these chunks of a file if it is pinned. One file after another, since there is one thread:
     * bounded by what the catalog lets be written at a time. Not "ordered": Vert.x's queue for that throws when the daemon
     * ends while something waits in it.
     */
    public Future<Void> keep(long fileId, Collection<ChunkId> chunks) {
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
