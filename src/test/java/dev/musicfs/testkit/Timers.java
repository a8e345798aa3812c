package dev.musicfs.testkit;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Something to be done later. */
@FunctionalInterface
public interface Timers {
    /** Has the task run once, no sooner than after {@code delay}. */
    void after(Duration delay, Runnable task);

    /** Vert.x's own timers, for tests against real processes. */
    static Timers of(Vertx vertx) {
        return (delay, task) -> vertx.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
    }
}
