package dev.musicfs.content.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Threads that work when the test says so, and not at all while they hang. */
final class HeldTasks implements Executor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean hanging;
    boolean rejecting;

    @Override
    public void execute(Runnable task) {
        if (rejecting) {
            throw new RejectedExecutionException("closed");
        }
        tasks.add(task);
    }

    void hang(boolean now) {
        hanging = now;
    }

    boolean run() {
        boolean any = false;
        while (!hanging && !tasks.isEmpty()) {
            tasks.remove().run();
            any = true;
        }
        return any;
    }
}
