package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A pool of a fixed size that survives a system which gives no further thread.
 *
 * <p>It has one thread from its beginning and begins one for each task until it has all it may have. If that fails, the
 * task goes to the threads that are there; and if there are none, it is refused, as any pool refuses a task. Otherwise the
 * error would pass through the ordered queues of Vert.x, which then believe for good that somebody works on them (Vert.x
 * 5.0, {@code TaskQueue.execute}).
 */
@Attended(threads = "the user of a pool says what looks after its work")
final class SteadyPool extends ThreadPoolExecutor {
    private final ThreadShortage shortage;

    SteadyPool(int threads, BlockingQueue<Runnable> queue, ThreadFactory factory, Clock clock) {
        super(threads, threads, 0, TimeUnit.SECONDS, queue, factory);
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
        // As the JDK does: it may have been shut down meanwhile, with nobody left who would take the task.
        if (isShutdown() && remove(task)) {
            throw new RejectedExecutionException("the pool is shut down");
        }
        return true;
    }
}
