package dev.musicfs.origin.guard;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks one at a time in the order they came, on the thread of whoever finds none running. Tasks must not block. */
final class Turns implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            do {
                Runnable next = tasks.poll();
                if (next != null) {
                    next.run();
                }
            } while (pending.decrementAndGet() > 0);
        }
    }
}
