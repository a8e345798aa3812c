package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A task that keeps a daemon thread of its own, for what blocks for long. It dies of whatever its work throws.
 *
 * @param threadName of the thread
 * @param work done on it
 */
@Attended(threads = "the thread of a supervised task")
public record DedicatedThread(String threadName, Work work) implements TaskBody {
    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /**
         * Blocks until it is done or told to end.
         *
         * @param ended whether it is to end; a parked thread is woken once then
         */
        void runBlocking(BooleanSupplier ended);
    }

    @Override
    public Future<Void> run(TaskHandle handle) {
        Promise<Void> over = Promise.promise();
        Future<Void> stop = handle.stopRequested();
        Thread thread = Threads.begin(threadName, () -> {
            try {
                work.runBlocking(stop::isComplete);
                over.complete();
            } catch (Throwable e) { // whatever it is, who looks after it learns of it
                over.fail(e);
            }
        });
        stop.onComplete(v -> LockSupport.unpark(thread));
        return over.future();
    }
}
