package dev.musicfs.chunk;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread on which an index is touched, so that one that hangs, as a damaged MapDB does, costs a caller no more
 * than the bound and the program one thread.
 */
final class IndexThread {
    private static final int MOST_WAITING = 1024;

    private final Duration patience;
    private final ThreadPoolExecutor thread;

    IndexThread(String name, Duration patience) {
        this.patience = patience;
        this.thread =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
                    Thread made = new Thread(work, name);
                    made.setDaemon(true);
                    return made;
                });
    }

    /** Runs the work there. Whatever goes wrong, errors of the JVM included, comes out as {@link ChunkIndex.Lost}. */
    <T> T call(String what, Callable<T> work) throws ChunkIndex.Lost {
        Future<T> result;
        try {
            result = thread.submit(work);
        } catch (RejectedExecutionException e) {
            throw new ChunkIndex.Lost("the index is closed or does not keep up: " + what, e);
        }
        try {
            return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new ChunkIndex.Lost("cannot " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ChunkIndex.Lost("no answer within " + patience.toSeconds() + " s: " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkIndex.Lost("interrupted: " + what, e);
        }
    }

    /** Takes no more work; what hangs is left behind. */
    void end() {
        thread.shutdownNow();
    }
}
