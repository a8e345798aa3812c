package dev.musicfs.runtime;

import dev.musicfs.failure.MachineClock;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The instant at which a request's patience ends, on the monotonic clock. It travels with the request through retries
 * and origins, so that their sum stays under it.
 */
@MachineClock("is monotonic")
public final class Deadline {
    private final LongSupplier nanoClock;
    private final long endNanos;

    private Deadline(LongSupplier nanoClock, long endNanos) {
        this.nanoClock = nanoClock;
        this.endNanos = endNanos;
    }

    /** A deadline this long from now. */
    public static Deadline in(Duration patience) {
        return in(patience, System::nanoTime);
    }

    /** A deadline on a clock of the caller's, for tests that turn it by hand. */
    public static Deadline in(Duration patience, LongSupplier nanoClock) {
        return new Deadline(nanoClock, nanoClock.getAsLong() + patience.toNanos());
    }

    /** This one, or one this long from now on the same clock if that comes first. */
    public Deadline atMost(Duration patience) {
        long end = nanoClock.getAsLong() + patience.toNanos();
        return end - endNanos < 0 ? new Deadline(nanoClock, end) : this;
    }

    /**
     * The outcome of what is running, or a failure with {@code late} if there is none when this deadline comes; an outcome
     * after that is dropped. The one timer is cancelled as soon as there is an outcome.
     */
    public <T> Future<T> bound(Future<T> running, Timers timers, Supplier<MusicFsException> late) {
        if (running.isComplete()) {
            return running;
        }
        Promise<T> outcome = Promise.promise();
        Runnable cancel = timers.after(remaining(), () -> outcome.tryFail(late.get()));
        running.onComplete(result -> {
            cancel.run();
            if (result.succeeded()) {
                outcome.tryComplete(result.result());
            } else {
                outcome.tryFail(result.cause());
            }
        });
        return outcome.future();
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - nanoClock.getAsLong()));
    }

    /** Whether nothing is left. */
    public boolean expired() {
        return endNanos - nanoClock.getAsLong() <= 0;
    }
}
