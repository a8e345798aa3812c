package dev.musicfs.chunk.index;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Waits;
import dev.musicfs.runtime.ExecutorPools;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread on which one index is touched. A call that fails in any way or takes too long ends it for good, and all
 * who wait for it at once; a call that hangs is left behind on its daemon thread.
 */
@Attended(workers = "every call waits for its outcome within a bound")
final class IndexThread {
    // Every caller waits for its own call, so this is the most threads that can use a store at once; FUSE has 256.
    private static final int QUEUED_CALLS = 1024;

    private final ExecutorService thread;

    IndexThread() {
        this(ExecutorPools.singleThread("musicfs-chunk-index", QUEUED_CALLS));
    }

    /** On another thread, which this one ends. */
    IndexThread(ExecutorService thread) {
        this.thread = thread;
    }

    /** Runs a call and waits for it, at most {@code bound}; an interrupt of the caller is kept for later. */
    <T> T call(Callable<T> call, Duration bound) throws IndexLostException {
        FutureTask<T> task = new FutureTask<>(call);
        try {
            thread.execute(task);
            return await(task, bound);
        } catch (RejectedExecutionException e) {
            end();
            throw new IndexLostException(
                    e.getCause() instanceof OutOfMemoryError
                            ? "the system gives no thread for the chunk index"
                            : "the chunk index was given up",
                    e);
        } catch (CancellationException e) {
            end();
            throw new IndexLostException("the chunk index was given up", e);
        } catch (ExecutionException e) {
            end();
            throw new IndexLostException("the chunk index failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            end();
            throw new IndexLostException("the chunk index gave no answer within " + bound, e);
        }
    }

    /** Refuses further calls and fails those that wait. */
    void end() {
        for (Runnable waiting : thread.shutdownNow()) {
            if (waiting instanceof FutureTask<?> task) {
                task.cancel(false);
            }
        }
    }

    @Waits("callers of the store, which block by contract: the index is asked on a thread that may hang, for so long"
            + " and no longer")
    private static <T> T await(FutureTask<T> task, Duration bound) throws ExecutionException, TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(bound.toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
