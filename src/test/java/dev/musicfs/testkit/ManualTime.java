package dev.musicfs.testkit;

import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A clock and timers in step with it, turned by a test: timers go off in the order of their times, on the thread that
 * turns, and find the clock at their time. Safe for many threads.
 */
public final class ManualTime implements Clock, dev.musicfs.runtime.Timers {
    private final List<Timer> timers = new ArrayList<>();
    private long nowNanos = 1;
    // Half a century after the epoch, as clocks are.
    private long wallAheadNanos = Duration.ofDays(18_262).toNanos();

    private static final class Timer {
        private final long atNanos;
        private final Runnable task;

        Timer(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }
    }

    @Override
    public synchronized long monotonicNanos() {
        return nowNanos;
    }

    @Override
    public synchronized long wallNanos() {
        return nowNanos + wallAheadNanos;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable task) {
        Timer timer = new Timer(nowNanos + Math.max(0, delay.toNanos()), task);
        timers.add(timer);
        return () -> {
            synchronized (this) {
                timers.remove(timer);
            }
        };
    }

    /** Somebody sets the wall clock, forwards or, when negative, backwards; no time passes. */
    public synchronized void jump(Duration by) {
        wallAheadNanos += by.toNanos();
    }

    /** A deadline on this clock. */
    public Deadline in(Duration patience) {
        return Deadline.in(patience, this::monotonicNanos);
    }

    /** Lets time pass, with everything that is due in it. */
    public void advance(Duration by) {
        long end = monotonicNanos() + by.toNanos();
        for (Optional<Timer> due = next(end); due.isPresent(); due = next(end)) {
            due.get().task.run();
        }
    }

    /** How many have neither gone off nor been called off. */
    public synchronized int pending() {
        return timers.size();
    }

    /** Whether something is to be done in exactly this time from now. */
    public synchronized boolean isPendingIn(Duration delay) {
        return timers.stream().anyMatch(timer -> timer.atNanos == nowNanos + delay.toNanos());
    }

    private synchronized Optional<Timer> next(long endNanos) {
        Optional<Timer> due = timers.stream()
                .filter(timer -> timer.atNanos <= endNanos)
                .min(Comparator.comparingLong(timer -> timer.atNanos));
        due.ifPresent(timers::remove);
        nowNanos = due.map(timer -> Math.max(nowNanos, timer.atNanos)).orElse(endNanos);
        return due;
    }
}
