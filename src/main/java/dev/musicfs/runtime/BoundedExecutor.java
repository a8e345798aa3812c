package dev.musicfs.runtime;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers of Vert.x as an executor that takes only so many tasks at a time. For any thread. */
final class BoundedExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedExecutor.class);

    private final Vertx vertx;
    private final WorkerExecutor pool;
    private final int most;
    private final AtomicInteger given = new AtomicInteger();

    BoundedExecutor(Vertx vertx, WorkerExecutor pool, int most) {
        this.vertx = vertx;
        this.pool = pool;
        this.most = most;
    }

    @Override
    public void execute(Runnable task) {
        if (given.incrementAndGet() > most) {
            given.decrementAndGet();
            throw new RejectedExecutionException("too many tasks wait already");
        }
        boolean taken = false;
        try {
            pool.executeBlocking(
                            () -> {
                                task.run();
                                return true;
                            },
                            false)
                    .onComplete(done -> given.decrementAndGet())
                    .onFailure(this::uncaught);
            taken = true;
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException("the pool is closed", e);
        } finally {
            if (!taken) {
                given.decrementAndGet();
            }
        }
    }

    private void uncaught(Throwable failure) {
        Handler<Throwable> handler = vertx.exceptionHandler();
        if (failure instanceof RejectedExecutionException || handler == null) {
            LOG.debug("A task was not done, since its pool has ended", failure);
        } else {
            handler.handle(failure);
        }
    }
}
