package dev.musicfs.origin.mounted;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocking calls that nobody waits for longer than their patience. The kernel may hold a thread for as long as it likes:
 * such a thread is stuck, and once all of them are, further calls fail at once. When it comes back its result is dropped
 * and the thread is used again. The workers say how many calls may wait. For any thread.
 */
final class BoundedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedCalls.class);

    private final String name;
    private final Timers timers;
    private final WorkerExecutor workers;
    private final int threads;
    private final AtomicInteger stuck = new AtomicInteger();

    /** What is done on a worker; {@code progress} may be called to begin the patience again. */
    @FunctionalInterface
    interface Work<T> {
        T runBlocking(Runnable progress);
    }

    /** {@code threads} is how many the workers have. */
    BoundedCalls(String name, Timers timers, WorkerExecutor workers, int threads) {
        this.name = name;
        this.timers = timers;
        this.workers = workers;
        this.threads = threads;
    }

    /** How many threads are held by calls that nobody waits for any more. */
    int stuck() {
        return stuck.get();
    }

    /** Fails with {@code TIMEOUT} when patience ends, and with {@code UNAVAILABLE} when there is no thread to be had. */
    <T> Future<T> call(Duration patience, Work<T> work) {
        if (patience.isZero()) {
            return Future.failedFuture(new MusicFsException(FailureKind.TIMEOUT, name + " had no time left"));
        }
        if (stuck.get() >= threads) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    name + " does not answer: all of its " + threads + " threads wait for it"));
        }
        return new Call<>(patience, work).begin();
    }

    private void stuckNow(int change) {
        int now = stuck.addAndGet(change);
        if (change > 0 && now == threads) {
            LOG.warn(
                    "{} does not answer: all of its {} threads wait for it; calls fail until one comes back",
                    name,
                    threads);
        } else if (change < 0 && now == threads - 1) {
            LOG.info("{} lets go of a thread again", name);
        }
    }

    private final class Call<T> {
        private final Duration patience;
        private final Work<T> work;
        private final Promise<T> promise = Promise.promise();
        private Runnable callOff = () -> {};
        private boolean progressed;
        private boolean running;
        private boolean over;
        private boolean countedStuck;

        Call(Duration patience, Work<T> work) {
            this.patience = patience;
            this.work = work;
        }

        Future<T> begin() {
            wind();
            workers.executeBlocking(this::runBlocking, false).onComplete(done -> {
                if (done.succeeded()) {
                    finish(done.result(), null);
                } else {
                    finish(null, MusicFsException.wrap(name + " failed", done.cause()));
                }
            });
            return promise.future();
        }

        private synchronized void wind() {
            callOff = timers.after(patience, this::expired);
        }

        private @Nullable T runBlocking() {
            synchronized (this) {
                if (over) {
                    return null;
                }
                running = true;
            }
            try {
                return work.runBlocking(this::progress);
            } finally {
                returned();
            }
        }

        private synchronized void progress() {
            progressed = true;
        }

        private void returned() {
            boolean wasStuck;
            synchronized (this) {
                running = false;
                wasStuck = countedStuck;
            }
            if (wasStuck) {
                stuckNow(-1);
            }
        }

        private void expired() {
            boolean nowStuck;
            synchronized (this) {
                if (over) {
                    return;
                }
                if (progressed) {
                    progressed = false;
                    wind();
                    return;
                }
                over = true;
                nowStuck = running;
                countedStuck = nowStuck;
                if (nowStuck) {
                    // Within the lock, lest the thread comes back before it is counted.
                    stuckNow(1);
                }
            }
            promise.fail(new MusicFsException(
                    FailureKind.TIMEOUT, name + " did not answer within " + patience.toMillis() + " ms"));
        }

        private void finish(@Nullable T result, @Nullable MusicFsException failure) {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
                callOff.run();
            }
            if (failure == null) {
                promise.complete(result);
            } else {
                promise.fail(failure);
            }
        }
    }
}
