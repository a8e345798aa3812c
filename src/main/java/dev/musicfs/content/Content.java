package dev.musicfs.content;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Origin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Finds the origin of a file and opens it there, on that origin's own few threads, so that one hung disk hurts no other. */
public final class Content implements FileOpener {
    private static final int CATALOG_THREADS = 4;
    private static final int ORIGIN_THREADS = 8;

    private final Vertx vertx;
    private final CatalogReader catalog;
    private final Function<OriginId, Optional<Origin>> origins;
    private final Consumer<FileRow> staleListener;
    private final WorkerExecutor catalogWorkers;
    private final Map<OriginId, WorkerExecutor> originWorkers = new ConcurrentHashMap<>();

    /**
     * @param origins the origin with this name, empty when it is not configured
     * @param staleListener told of every file found to be another version than the catalog's; must not block
     */
    public Content(
            Vertx vertx,
            CatalogReader catalog,
            Function<OriginId, Optional<Origin>> origins,
            Consumer<FileRow> staleListener) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.origins = origins;
        this.staleListener = staleListener;
        this.catalogWorkers = vertx.createSharedWorkerExecutor("musicfs-content", CATALOG_THREADS);
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
        Origin origin = configured.get();
        Runnable onStale = () -> staleListener.accept(row);
        if (origin.directFiles().isPresent()) {
            var files = origin.directFiles().get();
            return workersOf(row.origin())
                    .executeBlocking(
                            () -> DirectFile.openBlocking(files.locate(row.path()), row.version(), onStale), false);
        }
        return origin.stat(row.path()).compose(entry -> {
            FileVersion now = entry.version();
            if (entry.directory()
                    || now.sizeBytes() != row.version().sizeBytes()
                    || now.mtimeNanos() != row.version().mtimeNanos()) {
                onStale.run();
                return failed(
                        FailureKind.STALE, row.path() + " of " + row.origin() + " has changed since it was listed.");
            }
            return Future.succeededFuture(new RemoteFile(origin, row.path(), row.version(), onStale));
        });
    }

    private WorkerExecutor workersOf(OriginId origin) {
        return originWorkers.computeIfAbsent(
                origin, id -> vertx.createSharedWorkerExecutor("musicfs-open-" + id, ORIGIN_THREADS));
    }

    private static Future<OpenFile> failed(FailureKind kind, String message) {
        return Future.failedFuture(new MusicFsException(kind, message));
    }
}
