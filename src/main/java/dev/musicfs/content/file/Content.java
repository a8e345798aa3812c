package dev.musicfs.content.file;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.plan.LayoutSource;
import dev.musicfs.content.plan.Manifests;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.Waiting;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds the copies of a file and opens it. Files on disks of this machine are opened there; when the disk is away, their
 * other copies are. All others are opened without asking any origin and read through the chunk store.
 */
@Attended(workers = "for the catalog and the store, whose callers wait")
public final class Content implements FileOpener {
    /** The memory for blocks that are fetched, kept or written: 48 MiB. */
    public static final long DEFAULT_MEMORY_BYTES = 48L << 20;

    private static final int CATALOG_THREADS = 4;
    private static final int WRITER_THREADS = 2;
    private static final int SEARCHER_THREADS = 2;
    private static final int HASHER_THREADS = 2;
    private static final int MOST_WAITING = 10_000;

    private final CatalogReader catalog;
    private final Function<OriginId, Optional<Origin>> origins;
    private final Consumer<FileRow> staleListener;
    private final CacheConfig.Local local;
    private final WorkerExecutor catalogWorkers;
    private final DirectOpenings disks;
    private final Function<FileRow, List<Copy>> copiesBlocking;
    private final VerticleLoop loop = new VerticleLoop();
    private final Pipeline pipeline;
    private final SharedFiles files;

    /**
     * Opens nothing before its {@link ContentVerticle} has been started.
     *
     * @param origins the origin with this name, empty when it is not configured; asked only where its files can be opened
     *     on this machine
     * @param sources what reads a file that has these copies, the one that is shown first
     * @param staleListener told of every file found to be another version than the catalog's; must not block
     */
    public Content(
            Vertx vertx,
            CatalogReader catalog,
            Function<OriginId, Optional<Origin>> origins,
            Function<List<Copy>, FileSource> sources,
            Consumer<FileRow> staleListener,
            ChunkStore store,
            Manifests manifests,
            LayoutSource layouts,
            CacheConfig config) {
        this.catalog = catalog;
        this.origins = origins;
        this.staleListener = staleListener;
        this.local = config.local();
        this.catalogWorkers =
                ExecutorPools.workers(vertx, "musicfs-content", "The catalog", CATALOG_THREADS, MOST_WAITING);
        this.disks = new DirectOpenings(vertx);
        this.copiesBlocking = new CatalogCopies(catalog)::ofBlocking;
        this.pipeline = new Pipeline(new Pipeline.Parts(
                loop,
                ExecutorPools.executor(vertx, "musicfs-chunk-writer", WRITER_THREADS, MOST_WAITING),
                ExecutorPools.executor(vertx, "musicfs-chunk-searcher", SEARCHER_THREADS, MOST_WAITING),
                ExecutorPools.executor(vertx, "musicfs-chunk-hasher", HASHER_THREADS, MOST_WAITING),
                Clock.system(),
                store,
                manifests,
                layouts,
                sources,
                DEFAULT_MEMORY_BYTES,
                config.readAheadBytes()));
        this.files = new SharedFiles(pipeline);
    }

    @Override
    public void started(Context verticle) {
        loop.started(verticle);
    }

    @Override
    public Future<OpenFile> open(long fileId, Deadline deadline) {
        return catalogWorkers
                .executeBlocking(
                        () -> catalog.fileBlocking(fileId).map(row -> new Found(row, copiesBlocking.apply(row))), false)
                .compose(found -> found.map(file -> open(file, deadline))
                        .orElseGet(() -> failed(FailureKind.NOT_FOUND, "The catalog has no file " + fileId + ".")));
    }

    private Future<OpenFile> open(Found found, Deadline deadline) {
        FileRow row = found.row();
        boolean only = found.copies().size() == 1;
        Optional<Origin> configured = origins.apply(row.origin());
        if (configured.isEmpty() && only) {
            return failed(FailureKind.UNAVAILABLE, "Origin " + row.origin() + " is not configured any more.");
        }
        Runnable onStale = () -> staleListener.accept(row);
        Supplier<Future<CachedFile>> shared = () -> files.open(row, found.copies(), onStale);
        Optional<DirectFiles> direct =
                local == CacheConfig.Local.AUTO ? configured.flatMap(Origin::directFiles) : Optional.empty();
        Supplier<Future<CachedFile>> begun = () -> shared.get().compose(file -> file.begun(deadline));
        if (direct.isEmpty()) {
            return begun.get().map(file -> file);
        }
        return disks.open(
                row.origin(),
                () -> DirectFile.openBlocking(
                        direct.get(), row.path(), row.version(), onStale, only ? null : new FallbackCopy(shared)),
                only ? null : begun,
                deadline);
    }

    /** A file with its copies, itself the first. */
    private record Found(FileRow row, List<Copy> copies) {}

    /** Files that are opened from now on are fetched so many bytes ahead of their readers; 0 for not at all. */
    public void readAhead(long bytes) {
        pipeline.readAheadBytes(bytes);
    }

    /** Numbers since the start; for any thread. */
    public ContentStats stats() {
        return pipeline.counters().snapshot();
    }

    /**
     * Has what was fetched stored and what was stored written down, as far as that ends within {@code patience}. Fails with
     * {@code TIMEOUT} when it does not.
     */
    @Waits("the thread that ends the daemon, within its patience")
    public void drainBlocking(Duration patience) {
        Duration half = patience.dividedBy(2);
        Polling.until(
                () -> stats().pendingWriteBytes() == 0 && stats().openFiles() == 0,
                Duration.ofMillis(10),
                Deadline.in(half));
        Waiting.await(flush(), half, "the manifests to be written");
    }

    /** Writes down what has been learnt of files that are still open; whatever cannot be written is lost, not an error. */
    public Future<Void> flush() {
        return loop.isStarted() ? files.flush() : Future.succeededFuture();
    }

    private static Future<OpenFile> failed(FailureKind kind, String message) {
        return Future.failedFuture(new MusicFsException(kind, message));
    }
}
