package dev.musicfs.runtime;

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
 * <p>A pool has one thread from its beginning and begins one for each task until it has all it may have. If that fails, the task goes to the threads that
 * are there; and if there are none, it is refused with what Vert.x expects of a pool. Otherwise the error passes through
 * its ordered queues, which then believe for good that somebody works on them (Vert.x 5.0, {@code TaskQueue.execute}).
 *
 * <p>Found by Vert.x through {@code META-INF/services/io.vertx.core.spi.VertxServiceProvider}.
 */
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
        // Each try to begin a thread that fails is a line of the virtual machine's on the standard output.
        private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

        private final Clock clock;
        private volatile boolean refused;
        private volatile long refusedNanos;

        Pool(int threads, ThreadFactory factory, Clock clock) {
            super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
            this.clock = clock;
            try {
                prestartCoreThread();
            } catch (OutOfMemoryError e) { // so the virtual machine calls it
                wasRefused();
            }
        }

        @Override
        public void execute(Runnable task) {
            if (refused && clock.monotonicNanos() - refusedNanos < PAUSE_NANOS && queued(task)) {
                return;
            }
            try {
                super.execute(task);
                refused = false;
            } catch (OutOfMemoryError e) { // so the virtual machine calls it
                wasRefused();
                if (!queued(task)) {
                    throw new RejectedExecutionException("the system gives no thread", e);
                }
            }
        }

        private void wasRefused() {
            refusedNanos = clock.monotonicNanos();
            refused = true;
        }

        private boolean queued(Runnable task) {
            if (getPoolSize() == 0 || !getQueue().offer(task)) {
                return false;
            }
            if (isShutdown() && remove(task)) {
                throw new RejectedExecutionException("the pool is shut down");
            }
            return true;
        }
    }
}
