package dev.musicfs.content;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds the origin of a file and opens it. Files on disks of this machine are opened there, on their origin's own few
 * threads, so that one hung disk hurts no other. All others are opened without asking their origin and read through the
 * chunk store.
 */
public final class Content implements FileOpener {
    /** The memory for blocks that are fetched, kept or written: 48 MiB. */
    public static final long DEFAULT_MEMORY_BYTES = 48L << 20;

    private static final int CATALOG_THREADS = 4;
    private static final int ORIGIN_THREADS = 8;
    private static final int WRITER_THREADS = 2;
    private static final int SEARCHER_THREADS = 2;
    private static final int HASHER_THREADS = 2;

    private final Vertx vertx;
    private final CatalogReader catalog;
    private final Function<OriginId, Optional<Origin>> origins;
    private final Consumer<FileRow> staleListener;
    private final CacheConfig.Local local;
    private final WorkerExecutor catalogWorkers;
    private final Map<OriginId, WorkerExecutor> originWorkers = new ConcurrentHashMap<>();
    private final Pipeline pipeline;
    private final SharedFiles files;

    /** Without a store: everything is fetched from its origin whenever it is read. */
    public Content(
            Vertx vertx,
            CatalogReader catalog,
            Function<OriginId, Optional<Origin>> origins,
            Consumer<FileRow> staleListener) {
        this(
                vertx,
                catalog,
                origins,
                staleListener,
                new AbsentChunkStore(),
                new NoManifests(),
                LayoutSource.unknown(),
                CacheConfig.DEFAULTS);
    }

    /**
     * To be called on a thread that is not Vert.x's.
     *
     * @param origins the origin with this name, empty when it is not configured
     * @param staleListener told of every file found to be another version than the catalog's; must not block
     */
    public Content(
            Vertx vertx,
            CatalogReader catalog,
            Function<OriginId, Optional<Origin>> origins,
            Consumer<FileRow> staleListener,
            ChunkStore store,
            Manifests manifests,
            LayoutSource layouts,
            CacheConfig config) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.origins = origins;
        this.staleListener = staleListener;
        this.local = config.local();
        this.catalogWorkers = vertx.createSharedWorkerExecutor("musicfs-content", CATALOG_THREADS);
        this.pipeline = new Pipeline(new Pipeline.Parts(
                new VertxLoop(vertx),
                executor("musicfs-chunk-writer", WRITER_THREADS),
                executor("musicfs-chunk-searcher", SEARCHER_THREADS),
                executor("musicfs-chunk-hasher", HASHER_THREADS),
                Clock.system(),
                store,
                manifests,
                layouts,
                DEFAULT_MEMORY_BYTES,
                config.readAheadBytes()));
        this.files = new SharedFiles(pipeline);
    }

    private Executor executor(String name, int threads) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor(name, threads);
        return task -> workers.executeBlocking(
                () -> {
                    task.run();
                    return true;
                },
                false);
    }

    @Override
    public Future<OpenFile> open(long fileId) {
        return catalogWorkers
                .executeBlocking(() -> catalog.fileBlocking(fileId), false)
                .compose(found -> found.map(this::open)
                        .orElseGet(() -> failed(FailureKind.NOT_FOUND, "The catalog has no file " + fileId + ".")));
    }

    private Future<OpenFile> open(FileRow row) {
        Optional<Origin> configured = origins.apply(row.origin());
        if (configured.isEmpty()) {
            return failed(FailureKind.UNAVAILABLE, "Origin " + row.origin() + " is not configured any more.");
        }
        Runnable onStale = () -> staleListener.accept(row);
        Optional<DirectFiles> direct =
                local == CacheConfig.Local.AUTO ? configured.get().directFiles() : Optional.empty();
        if (direct.isPresent()) {
            return workersOf(row.origin())
                    .executeBlocking(
                            () -> DirectFile.openBlocking(direct.get().locate(row.path()), row.version(), onStale),
                            false);
        }
        return files.open(row, configured.get(), onStale).map(file -> file);
    }

    /** Numbers since the start; for any thread. */
    public ContentStats stats() {
        return pipeline.counters().snapshot();
    }

    /** Writes down what has been learnt of files that are still open; whatever cannot be written is lost, not an error. */
    public Future<Void> flush() {
        return files.flush();
    }

    private WorkerExecutor workersOf(OriginId origin) {
        return originWorkers.computeIfAbsent(
                origin, id -> vertx.createSharedWorkerExecutor("musicfs-open-" + id, ORIGIN_THREADS));
    }

    private static Future<OpenFile> failed(FailureKind kind, String message) {
        return Future.failedFuture(new MusicFsException(kind, message));
    }
}
