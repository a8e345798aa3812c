package dev.musicfs.origin.mounted;

import dev.musicfs.failure.Attended;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Something to be done later unless it is called off. */
@FunctionalInterface
@Attended(timers = "the deadline of one call")
interface Alarms {
    /** Gives back what calls it off. */
    Runnable after(Duration delay, Runnable task);

    static Alarms of(Vertx vertx) {
        return (delay, task) -> {
            long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
            return () -> vertx.cancelTimer(timer);
        };
    }
}
