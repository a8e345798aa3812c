package dev.musicfs.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time in the order they came, on the thread of a caller that finds none running. Tasks must not
 * block.
 * What one throws is thrown to that thread when all have had their turn.
 */
public final class SerialExecutor implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() > 0) {
            return;
        }
        Throwable thrown = null;
        do {
            Throwable own = run(tasks.poll());
            thrown = thrown == null ? own : thrown;
        } while (pending.decrementAndGet() > 0);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException failure) {
            throw failure;
        }
    }

    // Or nobody would have a turn any more.
    private static @Nullable Throwable run(@Nullable Runnable task) {
        try {
            if (task != null) {
                task.run();
            }
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }
}
