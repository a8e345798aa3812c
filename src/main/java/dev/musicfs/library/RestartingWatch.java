package dev.musicfs.library;

import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.runtime.Backoff;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of an origin, begun again whenever it ends or cannot be begun: after 1 s, 5 s and 30 s, then every 30 s.
 * When the system's watches have run out, it is begun only {@link #whenPolled}. Everything here, and all it calls, is on
 * one context.
 */
final class RestartingWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RestartingWatch.class);

    private enum State {
        DOWN,
        STARTING,
        UP,
        /** It runs, but what it watches is probably not the origin. */
        DOUBTED
    }

    private final OriginId id;
    private final OriginWatch watch;
    private final Context context;
    private final Timers timers;
    private final Duration pollInterval;
    private final Listener listener;
    private final Backoff backoff;
    private State state = State.DOWN;
    private boolean began;
    private boolean outOfWatches;
    private boolean stopped;
    private long attempt;
    private Runnable callOff = () -> {};

    /**
     * Who is told.
     *
     * @param changes what the watch reports
     * @param begunAgain it watches again; what happened in between was not seen
     * @param ended it watches no more
     */
    record Listener(Consumer<OriginChanges> changes, Runnable begunAgain, Runnable ended) {}

    RestartingWatch(
            OriginId id,
            OriginWatch watch,
            Context context,
            Timers timers,
            Clock clock,
            Duration pollInterval,
            Listener listener) {
        this.id = id;
        this.watch = watch;
        this.context = context;
        this.timers = timers;
        this.pollInterval = pollInterval;
        this.listener = listener;
        this.backoff = Backoff.later(clock);
    }

    /** Whether it is there and to be believed. */
    boolean watching() {
        return state == State.UP;
    }

    /** Whether it runs and was doubted. */
    boolean doubted() {
        return state == State.DOUBTED;
    }

    /**
     * Begins to watch unless it does; completes, always well, when it is known whether that worked: with true when
     * {@link Listener#begunAgain} was told.
     */
    Future<Boolean> begin() {
        if (stopped || state == State.UP || state == State.STARTING) {
            return Future.succeededFuture(false);
        }
        boolean again = began;
        began = true;
        state = State.STARTING;
        callOff.run();
        long own = ++attempt;
        // What is left of the last time is given back first.
        Future<Void> started =
                again ? watch.stop().otherwiseEmpty().compose(v -> stopped ? stop() : started()) : started();
        return here(started).transform(result -> {
            if (stopped) {
                return Future.succeededFuture(false);
            }
            if (result.failed()) {
                down(result.cause());
                return Future.succeededFuture(false);
            }
            up(own, again);
            return Future.succeededFuture(again);
        });
    }

    private Future<Void> started() {
        try {
            return watch.start(changes -> context.runOnContext(v -> listener.changes.accept(changes)));
        } catch (RuntimeException | Error e) { // none should, but it would be taken to be starting for ever
            return Future.failedFuture(e);
        }
    }

    /** The place was empty: it may be that of a disk that is away, which is not seen to come back. */
    void doubt() {
        if (state == State.UP) {
            state = State.DOUBTED;
        }
    }

    /** The poll interval is over; as {@link #begin}. */
    Future<Boolean> whenPolled() {
        return outOfWatches ? begin() : Future.succeededFuture(false);
    }

    /** Ends it for good. */
    Future<Void> stop() {
        stopped = true;
        callOff.run();
        return watch.stop();
    }

    private void up(long own, boolean again) {
        state = State.UP;
        outOfWatches = false;
        backoff.began();
        var unused = here(watch.ended()).onComplete(result -> {
            if (!stopped && own == attempt && state != State.DOWN) {
                down(result.cause());
            }
        });
        if (again) {
            LOG.info("Origin {} is watched again", id);
            listener.begunAgain.run();
        }
    }

    @Dropped("a watch that cannot be begun is logged and begun again")
    private void down(@Nullable Throwable why) {
        boolean wasUp = state != State.STARTING;
        state = State.DOWN;
        outOfWatches = why instanceof MusicFsException failure && failure.kind() == FailureKind.NO_SPACE;
        Duration delay = backoff.ended();
        String reason = why == null ? "The watch ended." : why.getMessage();
        if (wasUp || backoff.inARow() == 1) {
            LOG.warn("{} Origin {} is polled every {} s until it is watched.", reason, id, pollInterval.toSeconds());
        } else {
            LOG.debug("Origin {} is still not watched: {}", id, reason);
        }
        if (!outOfWatches) {
            callOff = timers.after(delay, () -> context.runOnContext(v -> begin()));
        }
        listener.ended.run();
    }

    private Future<Void> here(Future<Void> foreign) {
        return SyncParts.on(context, foreign);
    }
}
