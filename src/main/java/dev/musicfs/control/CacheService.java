package dev.musicfs.control;

import dev.musicfs.control.api.CacheControl;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.PinResult;
import dev.musicfs.control.api.Pins;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.failure.Attended;
import dev.musicfs.offline.PinnedTree;
import dev.musicfs.runtime.ExecutorPools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The cache of the running daemon behind its API. Long work has a thread of its own, so that it holds nobody up. Its
 * queue is bounded by the API, which lets one piece of long work and 32 connections in.
 */
@Attended(workers = "for commands of the user, who get the outcome")
public final class CacheService implements CacheControl {
    private static final int QUICK_THREADS = 2;
    private static final int MOST_WAITING = 64;
    // Only from here on does Vert.x's blocked-thread checker find the work too long.
    private static final Duration LONGEST_WORK = Duration.ofDays(2);

    private final CacheMaintenance cache;
    private final PinnedTree pinned;
    private final WorkerExecutor quick;
    private final WorkerExecutor work;

    /** Everything stays the caller's. */
    public CacheService(Vertx vertx, CacheMaintenance cache, PinnedTree pinned) {
        this.cache = cache;
        this.pinned = pinned;
        this.quick = ExecutorPools.workers(vertx, "musicfs-control", "The cache", QUICK_THREADS, MOST_WAITING);
        this.work = ExecutorPools.workers(vertx, "musicfs-cache-work", "The cache", 1, MOST_WAITING, LONGEST_WORK);
    }

    @Override
    public Future<CacheStats> stats() {
        return quick.executeBlocking(cache::statsBlocking, false);
    }

    @Override
    public Future<VerifyResult> verify(boolean repair, BooleanSupplier cancelled, Progress progress) {
        return work.executeBlocking(() -> cache.verifyBlocking(repair, cancelled, progress), false);
    }

    @Override
    public Future<ClearResult> clear(boolean alsoPinned) {
        return work.executeBlocking(() -> cache.clearBlocking(alsoPinned), false);
    }

    @Override
    public Future<PinResult> pin(String path) {
        return set(path, true);
    }

    @Override
    public Future<PinResult> unpin(String path) {
        return set(path, false);
    }

    @Override
    public Future<Pins> pins() {
        return quick.executeBlocking(() -> pinned.pinsBlocking(Pins.MAX_PATHS), false)
                .map(listing -> new Pins(listing.files(), listing.paths()));
    }

    private Future<PinResult> set(String path, boolean pin) {
        return quick.executeBlocking(() -> pinned.setBlocking(path, pin), false)
                .map(change -> new PinResult(change.path(), change.files()));
    }
}
