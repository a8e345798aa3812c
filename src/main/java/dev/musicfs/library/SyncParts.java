package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import dev.musicfs.runtime.HeldFailpoint;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What all rounds of one origin share. Everything that changes is touched on {@code context} only. */
record SyncParts(
        Context context,
        WorkerExecutor catalogWorker,
        Origin origin,
        CatalogReader catalog,
        LongSupplier nextFileId,
        RowReader rows,
        Publisher publisher,
        SyncOptions options,
        ScanProgress progress,
        ScanSlots slots,
        RacyTimestamps racy,
        UnknownEntries unknown,
        IgnoreFiles ignored) {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

    static SyncParts of(
            Context context,
            WorkerExecutor catalogWorker,
            Origin origin,
            CatalogReader catalog,
            LongSupplier nextFileId,
            TagSource tags,
            Publisher publisher,
            SyncOptions options,
            ScanProgress progress,
            ScanSlots slots,
            RacyTimestamps racy) {
        UnknownEntries unknown = new UnknownEntries(origin.id());
        RowReader rows =
                new RowReader(origin.id(), tags, context, options.tagReaders(), () -> probe(context, origin), unknown);
        return new SyncParts(
                context,
                catalogWorker,
                origin,
                catalog,
                nextFileId,
                rows,
                publisher,
                options,
                progress,
                slots,
                racy,
                unknown,
                new IgnoreFiles(origin, slots, options.library()));
    }

    OriginId id() {
        return origin.id();
    }

    CatalogSubtree subtree() {
        return new CatalogSubtree(catalog, id());
    }

    /** The same outcome, but on the context. */
    <T> Future<T> here(Future<T> foreign) {
        return on(context, foreign);
    }

    /** The same outcome, but on {@code context}. */
    static <T> Future<T> on(Context context, Future<T> foreign) {
        Promise<T> promise = Promise.promise();
        foreign.onComplete(result -> context.runOnContext(v -> {
            if (result.succeeded()) {
                promise.complete(result.result());
            } else {
                promise.fail(result.cause());
            }
        }));
        return promise.future();
    }

    /** Reads the catalog off the event loop. */
    <T> Future<T> reading(Callable<T> read) {
        return here(catalogWorker.executeBlocking(read, false));
    }

    /** What is in a directory, when its turn comes. */
    Future<List<OriginEntry>> list(RealPath directory) {
        return here(slots.run(() -> origin.list(directory)));
    }

    /** Whether the origin is there. */
    Future<Void> probe() {
        return probe(context, origin);
    }

    private static Future<Void> probe(Context context, Origin origin) {
        return HeldFailpoint.pass(Failpoint.HEALTH_CHECK_HANG, context)
                .compose(v -> on(context, origin.probe(Deadline.in(PROBE_TIMEOUT))));
    }

    /** Passes a failpoint, which holds up nothing else. */
    Future<Void> pass(Failpoint failpoint) {
        return HeldFailpoint.pass(failpoint, context);
    }

    /** One slice of at most {@code batchSize} after another. */
    <T> Future<Void> inSlices(List<T> all, Function<List<T>, Future<Void>> work) {
        List<List<T>> slices = new ArrayList<>();
        for (int from = 0; from < all.size(); from += options.batchSize()) {
            slices.add(List.copyOf(all.subList(from, Math.min(all.size(), from + options.batchSize()))));
        }
        return FutureLoop.forEach(slices, work);
    }

    /** All of them at once, outcomes in order, on the context. */
    <T> Future<List<T>> all(List<Future<T>> futures) {
        return here(Future.all(futures)).map(all -> {
            List<T> results = new ArrayList<>(futures.size());
            futures.forEach(future -> results.add(future.result()));
            return results;
        });
    }
}
