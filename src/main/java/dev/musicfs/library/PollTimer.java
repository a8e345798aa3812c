package dev.musicfs.library;

import dev.musicfs.runtime.Backoff;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Context;
import java.time.Duration;

/**
 * When an origin is looked at again without anybody having asked for it. Every method on the context of the origin's
 * rounds.
 */
final class PollTimer {
    private final Context context;
    private final Timers timers;
    private final Duration interval;
    private final Backoff retry;
    private final Runnable due;
    private Runnable callOff = () -> {};
    private boolean pending;

    /**
     * With nothing due yet.
     *
     * @param interval between two looks
     * @param due run on the context when it is time
     */
    PollTimer(Context context, Timers timers, Clock clock, Duration interval, Runnable due) {
        this.context = context;
        this.timers = timers;
        this.interval = interval;
        this.retry = Backoff.later(clock);
        this.due = due;
    }

    /** After the interval. */
    void later() {
        after(interval);
    }

    /** As {@link #later}, unless something is due already: a failed attempt must not postpone it. */
    void laterAtLatest() {
        if (!pending) {
            later();
        }
    }

    /** After 1 s, 5 s and then always 30 s, or after the interval if that is shorter. */
    void soon() {
        Duration delay = retry.ended();
        after(delay.compareTo(interval) < 0 ? delay : interval);
    }

    /** What made it wait for {@link #soon} is over. */
    void recovered() {
        retry.began();
    }

    void callOff() {
        pending = false;
        callOff.run();
    }

    private void after(Duration delay) {
        callOff();
        pending = true;
        callOff = timers.after(
                delay,
                () -> context.runOnContext(v -> {
                    pending = false;
                    due.run();
                }));
    }
}
