package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Something to be done later, so that tests can turn time by hand. For any thread. */
@FunctionalInterface
@Attended(timers = "what all others use")
public interface Timers {
    /**
     * Has the task run once, no sooner than after {@code delay}; it must not block. Running what comes back cancels it,
     * if it did not begin yet.
     */
    Runnable after(Duration delay, Runnable task);

    /** Those of Vert.x; tasks run on an event loop. */
    static Timers of(Vertx vertx) {
        return (delay, task) -> {
            // Rounded up: a deadline must be over when its timer fires.
            long timer = vertx.setTimer(Math.max(1, delay.toMillis() + 1), id -> task.run());
            return () -> vertx.cancelTimer(timer);
        };
    }
}
