package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import io.vertx.core.spi.ExecutorServiceFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The worker pools of Vert.x, of a fixed size as its own, that survive a system which gives no further thread.
 *
 * <p>A pool has one thread from its beginning and begins one for each task until it has all it may have. If that fails,
 * the task goes to the threads that are there; and if there are none, it is refused with what Vert.x expects of a pool.
 * Otherwise the error passes through its ordered queues, which then believe for good that somebody works on them (Vert.x
 * 5.0, {@code TaskQueue.execute}).
 *
 * <p>Found by Vert.x through {@code META-INF/services/io.vertx.core.spi.VertxServiceProvider}.
 */
@Attended(threads = "the workers of Vert.x, see below")
public final class WorkerPools implements ExecutorServiceFactory {
    private final Clock clock;

    /** For Vert.x. */
    public WorkerPools() {
        this(Clock.system());
    }

    WorkerPools(Clock clock) {
        this.clock = clock;
    }

    @Override
    public ExecutorService createExecutor(ThreadFactory factory, Integer concurrency, Integer maxConcurrency) {
        return new Pool(maxConcurrency, factory, clock);
    }

    private static final class Pool extends ThreadPoolExecutor {
        private final ThreadShortage shortage;

        Pool(int threads, ThreadFactory factory, Clock clock) {
            super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
            this.shortage = new ThreadShortage(clock);
            try {
                prestartCoreThread();
            } catch (OutOfMemoryError e) { // so the virtual machine calls it
                shortage.note();
            }
        }

        @Override
        public void execute(Runnable task) {
            if (shortage.lasts() && queued(task)) {
                return;
            }
            try {
                super.execute(task);
                shortage.end();
            } catch (OutOfMemoryError e) { // so the virtual machine calls it
                shortage.note();
                if (!queued(task)) {
                    throw new RejectedExecutionException("the system gives no thread", e);
                }
            }
        }

        /** Whether it was left to the threads that are there; one that is shut down is refused in the ordinary way. */
        private boolean queued(Runnable task) {
            if (isShutdown() || getPoolSize() == 0 || !getQueue().offer(task)) {
                return false;
            }
            // As the JDK's: it may have been shut down meanwhile, with nobody left who would take it.
            if (isShutdown() && remove(task)) {
                throw new RejectedExecutionException("the pool is shut down");
            }
            return true;
        }
    }
}
