package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.EventAddresses;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Vert.x's circuit breaker, which counts and opens, which closes another way: whether the origin is back is found out by a
 * probe and not by a request, whose maker would pay for the answer with a timeout. After a good probe one request is the
 * trial. For any thread.
 */
final class Breaker {
    private final OriginId origin;
    private final GuardServices services;
    private final GuardOptions options;
    private final Runnable ripe;
    private final Runnable changed;
    // Vert.x's cannot be closed while it is open, only replaced.
    private CircuitBreaker current;
    private BreakerState state = BreakerState.CLOSED;
    private boolean trial;
    private int failedTrials;
    private int looks;
    private long openSinceNanos;
    private long noTrialBeforeNanos;
    private String why = "";
    private Runnable timer = () -> {};
    private boolean stopped;

    /**
     * @param ripe called when it is time to look whether the origin is back, which is to end in {@link #answered} if so
     * @param changed called when its state has changed
     */
    Breaker(OriginId origin, GuardServices services, GuardOptions options, Runnable ripe, Runnable changed) {
        this.origin = origin;
        this.services = services;
        this.options = options;
        this.ripe = ripe;
        this.changed = changed;
        this.current = fresh();
    }

    private CircuitBreaker fresh() {
        CircuitBreaker breaker = CircuitBreaker.create(
                "musicfs-origin-" + origin,
                services.vertx(),
                new CircuitBreakerOptions()
                        .setMaxFailures(options.openAfterFailures())
                        // The window is counted by the wall clock; what is meant here is failures in a row, however
                        // long ago.
                        .setFailuresRollingWindow(Duration.ofHours(1).toMillis())
                        .setTimeout(-1)
                        .setResetTimeout(-1)
                        .setNotificationAddress(null));
        return breaker.failurePolicy(Breaker::counts).openHandler(v -> opened(breaker));
    }

    /** Called with Vert.x's own lock held, so nothing here may call it with ours. */
    private void opened(CircuitBreaker which) {
        synchronized (this) {
            if (which != current) {
                return;
            }
        }
        open("too many requests failed in a row");
    }

    private static boolean counts(Future<?> outcome) {
        return outcome.failed() && counts(MusicFsException.kindOf(outcome.cause()));
    }

    /**
     * Whether a failed request says something about the origin. A refusal need not, since a single file can be closed to
     * us; it is a reason to probe, and a probe that is refused does count, with health.
     */
    static boolean counts(FailureKind kind) {
        return kind.countsAgainstBreaker() && kind != FailureKind.REJECTED;
    }

    /** Has a request made, or fails with {@code UNAVAILABLE} without. */
    <T> Future<T> run(Supplier<Future<T>> request) {
        CircuitBreaker counting;
        synchronized (this) {
            if (state == BreakerState.OPEN || (state == BreakerState.HALF_OPEN && trial)) {
                return Future.failedFuture(refusal());
            }
            trial = state == BreakerState.HALF_OPEN;
            if (trial) {
                counting = null;
            } else {
                counting = current;
            }
        }
        if (counting == null) {
            return request.get().onComplete(outcome -> tried(counts((Future<?>) outcome), outcome.cause()));
        }
        return counting.execute(() -> request.get().onFailure(this::remember))
                .recover(failure -> Future.failedFuture(failure instanceof OpenCircuitException ? refusal() : failure));
    }

    /** Whether a request would be refused now. */
    synchronized boolean refuses() {
        return state == BreakerState.OPEN || (state == BreakerState.HALF_OPEN && trial);
    }

    /** The failure of a request that is refused. */
    synchronized MusicFsException refusal() {
        long seconds = Duration.ofNanos(services.clock().monotonicNanos() - openSinceNanos)
                .toSeconds();
        return new MusicFsException(
                FailureKind.UNAVAILABLE,
                "Origin " + origin + " is not asked, it is away since " + seconds + " s: " + why);
    }

    private synchronized void remember(Throwable failure) {
        if (counts(MusicFsException.kindOf(failure))) {
            why = text(failure);
        }
    }

    private void tried(boolean failed, Throwable failure) {
        synchronized (this) {
            trial = false;
            if (state != BreakerState.HALF_OPEN) {
                return;
            }
            if (failed) {
                failedTrials++;
            }
        }
        if (failed) {
            open(text(failure));
        } else {
            close();
        }
    }

    /** Opens it, or keeps it open, because of this. */
    void open(String because) {
        synchronized (this) {
            if (state == BreakerState.OPEN) {
                return;
            }
            long now = services.clock().monotonicNanos();
            if (state == BreakerState.CLOSED) {
                openSinceNanos = now;
                failedTrials = 0;
                looks = 0;
            }
            if (why.isEmpty()) {
                why = because;
            }
            state = BreakerState.OPEN;
            noTrialBeforeNanos =
                    failedTrials == 0 ? now : now + wait(failedTrials - 1).toNanos();
            ripen();
        }
        announce(BreakerState.OPEN, why());
    }

    /** A probe of the origin succeeded: the next request is the trial, unless the last trial failed just now. */
    void answered() {
        synchronized (this) {
            if (state != BreakerState.OPEN || services.clock().monotonicNanos() - noTrialBeforeNanos < 0) {
                return;
            }
            state = BreakerState.HALF_OPEN;
            trial = false;
            timer.run();
        }
        announce(BreakerState.HALF_OPEN, "");
    }

    private void close() {
        synchronized (this) {
            if (state == BreakerState.CLOSED) {
                return;
            }
            current = fresh();
            state = BreakerState.CLOSED;
            failedTrials = 0;
            why = "";
        }
        announce(BreakerState.CLOSED, "");
    }

    private void announce(BreakerState now, String because) {
        services.events().publish(EventAddresses.BREAKER, new BreakerChanged(origin.value(), now.name(), because));
        changed.run();
    }

    private Duration wait(int doublings) {
        long millis = options.resetTimeout().toMillis() << Math.min(10, doublings);
        return Duration.ofMillis(Math.min(millis, options.longestResetTimeout().toMillis()));
    }

    private void ripen() {
        timer.run();
        if (!stopped) {
            timer = services.timers().after(wait(looks++), this::ripened);
        }
    }

    /** A probe of the origin failed, so that there is no need to look soon. */
    synchronized void missed() {
        if (state == BreakerState.OPEN && !stopped) {
            timer.run();
            timer = services.timers().after(wait(Math.max(0, looks - 1)), this::ripened);
        }
    }

    private void ripened() {
        synchronized (this) {
            if (state != BreakerState.OPEN) {
                return;
            }
            ripen();
        }
        ripe.run();
    }

    /** No timer fires after this. */
    synchronized void stop() {
        stopped = true;
        timer.run();
    }

    synchronized BreakerState state() {
        return state;
    }

    synchronized long openSinceNanos() {
        return openSinceNanos;
    }

    synchronized String why() {
        return why;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return MusicFsException.kindOf(failure) + (message == null ? "" : ": " + message);
    }
}
