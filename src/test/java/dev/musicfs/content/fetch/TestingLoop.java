package dev.musicfs.content.fetch;

import dev.musicfs.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A loop that runs when the test says so, with timers on a clock turned by hand. */
public final class TestingLoop implements Loop {
    private final ManualClock clock;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private boolean running;

    public TestingLoop(ManualClock clock) {
        this.clock = clock;
    }

    private record Timer(long atNanos, Object id, Runnable task) {}

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        Timer timer = new Timer(clock.monotonicNanos() + delay.toNanos(), new Object(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    public int timers() {
        return timers.size();
    }

    @Override
    public void enter(Runnable task) {
        if (running) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs everything that is to be run now; whether there was anything. */
    public boolean run() {
        boolean any = false;
        for (Runnable next = next(); next != null; next = next()) {
            run(next);
            any = true;
        }
        return any;
    }

    private void run(Runnable task) {
        running = true;
        try {
            task.run();
        } finally {
            running = false;
        }
    }

    private synchronized Runnable next() {
        return tasks.poll();
    }

    /** Runs the timers that are due, the earliest first. */
    public void fireTimers() {
        for (Optional<Timer> due = due(); due.isPresent(); due = due()) {
            timers.remove(due.get());
            run(due.get().task());
            run();
        }
    }

    private Optional<Timer> due() {
        return timers.stream()
                .filter(timer -> timer.atNanos() <= clock.monotonicNanos())
                .min(Comparator.comparingLong(Timer::atNanos));
    }
}
