package dev.musicfs.content.plan;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.LayoutRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.runtime.ExecutorPools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Manifests in the catalog, read on two threads of their own and written by its one writer, in the order of the calls.
 * At most {@link #MOST_WAITING} calls wait at a time; a further one fails with {@code UNAVAILABLE}, and the only cost
 * is that its blocks are fetched again one day.
 */
@Attended(workers = "for the catalog, whose callers wait")
public final class CatalogManifests implements Manifests {
    static final int MOST_WAITING = 1_000;
    private static final int THREADS = 2;

    private final CatalogReader reader;
    private final CatalogWriter writer;
    private final WorkerExecutor workers;
    private final LongConsumer whenCompleted;
    private final BiFunction<Long, Collection<ChunkId>, Future<Void>> whenGained;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Both over the same catalog; they and {@code vertx} stay the caller's. */
    public CatalogManifests(Vertx vertx, CatalogReader reader, CatalogWriter writer) {
        this(vertx, reader, writer, fileId -> {}, (fileId, chunks) -> Future.succeededFuture());
    }

    /**
     * The same with listeners.
     *
     * @param whenCompleted is told of files whose content hash has just been written down; must not block
     * @param whenGained is told of chunks that a file has been given, which waits for what it answers
     */
    public CatalogManifests(
            Vertx vertx,
            CatalogReader reader,
            CatalogWriter writer,
            LongConsumer whenCompleted,
            BiFunction<Long, Collection<ChunkId>, Future<Void>> whenGained) {
        this.whenCompleted = whenCompleted;
        this.whenGained = whenGained;
        this.reader = reader;
        this.writer = writer;
        this.workers = ExecutorPools.workers(vertx, "musicfs-manifests", "The catalog", THREADS, MOST_WAITING);
    }

    @Override
    public Future<Optional<Manifest>> load(long fileId) {
        return reading(() ->
                reader.manifestBlocking(fileId).map(row -> new Manifest(row.version(), row.layout(), row.chunks())));
    }

    @Override
    public Future<Optional<AudioLayout>> layout(long fileId, FileVersion version) {
        return reading(() -> reader.layoutBlocking(fileId)
                .filter(row -> row.version().equals(version))
                .map(LayoutRow::layout));
    }

    @Override
    public Future<Void> putLayout(long fileId, FileVersion version, AudioLayout layout) {
        return writing(new Mutation.PutLayout(fileId, version, layout));
    }

    @Override
    public Future<Void> begin(long fileId, Manifest manifest) {
        return writing(new Mutation.BeginManifest(fileId, manifest.version(), manifest.layout(), manifest.chunks()))
                .compose(done -> whenGained.apply(fileId, manifest.chunks().values()));
    }

    @Override
    public Future<Void> add(long fileId, FileVersion version, Map<Integer, ChunkId> chunks) {
        return writing(new Mutation.PutBlocks(fileId, version, chunks))
                .compose(done -> whenGained.apply(fileId, chunks.values()));
    }

    @Override
    public Future<Void> completed(long fileId, Manifest manifest) {
        return writing(new Mutation.PutContent(fileId, manifest.version(), manifest.content()))
                .onSuccess(done -> whenCompleted.accept(fileId));
    }

    @Override
    public Future<Void> forget(long fileId) {
        return writing(new Mutation.RemoveManifest(fileId));
    }

    private <T> Future<T> reading(Callable<T> read) {
        return bounded(() -> workers.executeBlocking(read, false));
    }

    private Future<Void> writing(Mutation mutation) {
        return bounded(() -> writer.apply(List.of(mutation)));
    }

    private <T> Future<T> bounded(Supplier<Future<T>> work) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new MusicFsException(FailureKind.UNAVAILABLE, "Too many manifests wait for the catalog."));
        }
        return started(work).onComplete(done -> waiting.decrementAndGet());
    }

    private static <T> Future<T> started(Supplier<Future<T>> work) {
        try {
            return work.get();
        } catch (MusicFsException e) {
            return Future.failedFuture(e);
        } catch (RuntimeException e) {
            // The executor or the pool behind the writer ends with its Vert.x.
            return Future.failedFuture(
                    new MusicFsException(FailureKind.UNAVAILABLE, "The catalog takes no more questions.", e));
        }
    }
}
