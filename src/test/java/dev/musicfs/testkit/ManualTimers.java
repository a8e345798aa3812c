package dev.musicfs.testkit;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Timers that go off when a test turns time on, in the order of their times, on the thread that turns it. */
public final class ManualTimers implements Timers {
    private final Queue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::number));
    private long nowNanos;
    private long count;

    private record Task(long atNanos, long number, Runnable body) {}

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        tasks.add(new Task(nowNanos + Math.max(0, delay.toNanos()), count++, task));
    }

    /** Lets time pass, with everything that is due in it, also what tasks of that time ask for. */
    public void advance(Duration by) {
        long end = now() + by.toNanos();
        for (Task due = next(end); due != null; due = next(end)) {
            due.body.run();
        }
    }

    /** How many have not gone off yet. */
    public synchronized int pending() {
        return tasks.size();
    }

    private synchronized long now() {
        return nowNanos;
    }

    private synchronized Task next(long endNanos) {
        if (tasks.isEmpty() || tasks.peek().atNanos > endNanos) {
            nowNanos = endNanos;
            return null;
        }
        Task due = tasks.remove();
        nowNanos = due.atNanos;
        return due;
    }
}
