package dev.musicfs.origin.guard;

import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Events;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * What everything in this room works with.
 *
 * @param vertx the daemon's
 * @param clock time
 * @param timers in step with the clock
 * @param events where announcements go
 */
public record GuardServices(Vertx vertx, Clock clock, Timers timers, Events events) {
    /** A deadline on this clock. */
    Deadline in(Duration patience) {
        return Deadline.in(patience, clock::monotonicNanos);
    }

    /** Those of a running daemon. */
    public static GuardServices of(Vertx vertx) {
        return new GuardServices(vertx, Clock.system(), Timers.of(vertx), Events.on(vertx));
    }
}
