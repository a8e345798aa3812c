package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers of Vert.x that take only so many calls at a time, and refuse a call by a failed future. For any thread. */
final class BoundedWorkers implements WorkerExecutor {
    private final WorkerExecutor pool;
    private final String owner;
    private final int most;
    private final AtomicInteger given = new AtomicInteger();

    BoundedWorkers(WorkerExecutor pool, String owner, int most) {
        this.pool = pool;
        this.owner = owner;
        this.most = most;
    }

    @Override
    public <T> Future<T> executeBlocking(Callable<T> call, boolean ordered) {
        if (given.incrementAndGet() > most) {
            given.decrementAndGet();
            return Future.failedFuture(
                    new MusicFsException(FailureKind.UNAVAILABLE, owner + " has too much to do at present."));
        }
        try {
            return pool.executeBlocking(call, ordered)
                    .onComplete(done -> given.decrementAndGet())
                    .recover(failure -> Future.failedFuture(
                            failure instanceof RejectedExecutionException rejected ? refused(rejected) : failure));
        } catch (RejectedExecutionException | IllegalStateException e) {
            given.decrementAndGet();
            return Future.failedFuture(refused(e));
        }
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }

    @Override
    public boolean isMetricsEnabled() {
        return pool.isMetricsEnabled();
    }

    private MusicFsException refused(RuntimeException e) {
        return e.getCause() instanceof OutOfMemoryError none
                ? Threads.noneFor(owner, none)
                : new MusicFsException(FailureKind.UNAVAILABLE, owner + " is stopped.", e);
    }
}
