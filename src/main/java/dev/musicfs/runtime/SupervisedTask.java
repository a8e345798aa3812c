package dev.musicfs.runtime;

import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskState.State;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One activity under a {@link TaskSupervisor}. For any thread; never blocks. */
public final class SupervisedTask {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedTask.class);
    private static final int MOST_RESTARTS = 5;
    // What does not end when it is told to must not keep the others from being told.
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    // Between two tries to begin what the system gave no thread for, which is no death of it.
    private static final Duration WITHOUT_THREAD = Duration.ofSeconds(10);

    private final String name;
    private final Importance importance;
    private final TaskBody body;
    private final Timers timers;
    private final Events events;
    private final Backoff backoff;
    private final Promise<Void> stopRequested = Promise.promise();
    private State state = State.WAITING;
    private boolean retired;
    private boolean starved;
    private int restarts;
    private long deaths;
    private Optional<String> lastError = Optional.empty();
    private Runnable callOff = () -> {};
    private Promise<Void> attempt = Promise.promise();
    private @Nullable Future<Void> stopping;

    SupervisedTask(String name, Importance importance, TaskBody body, Timers timers, Clock clock, Events events) {
        this.name = name;
        this.importance = importance;
        this.body = body;
        this.timers = timers;
        this.events = events;
        this.backoff = Backoff.atOnce(clock);
    }

    /** Its state. */
    public synchronized TaskState state() {
        boolean recovered = state == State.RUNNING && backoff.inARow() == 0;
        return new TaskState(name, importance, state, recovered ? 0 : restarts, lastError);
    }

    /**
     * Tells it to end and never starts it again; completes when it has ended, at the latest after 5 s. Asking twice is
     * the same as asking once.
     */
    public Future<Void> stop() {
        retire();
        Promise<Void> over = Promise.promise();
        boolean running;
        Future<Void> ended;
        synchronized (this) {
            if (stopping != null) {
                return stopping;
            }
            stopping = over.future();
            running = state == State.RUNNING;
            ended = attempt.future();
        }
        if (!running) {
            over.complete();
            return over.future();
        }
        Runnable patience = timers.after(STOP_PATIENCE, () -> {
            if (over.tryComplete()) {
                LOG.warn("Task {} did not end within {} s of being told to", name, STOP_PATIENCE.toSeconds());
            }
        });
        ended.onComplete(result -> {
            patience.run();
            over.tryComplete();
        });
        stopRequested.tryComplete();
        return over.future();
    }

    /** Does not start it again from now on; what runs goes on. */
    void retire() {
        synchronized (this) {
            retired = true;
            if (state != State.WAITING) {
                return;
            }
            callOff.run();
            state = State.STOPPED;
        }
        tell();
    }

    /** Runs the body unless the task was stopped before. */
    void begin() {
        Promise<Void> own = Promise.promise();
        synchronized (this) {
            if (state != State.WAITING) {
                return;
            }
            state = State.RUNNING;
            restarts = backoff.inARow();
            backoff.began();
            attempt = own;
        }
        tell();
        Promise<Void> done = Promise.promise();
        // The state is right before anybody who waits for the end learns of it.
        done.future().onComplete(result -> {
            ended(result.cause());
            own.complete();
        });
        try {
            body.run(stopRequested::future).onComplete(done);
        } catch (RuntimeException | Error e) {
            done.tryFail(e);
        }
    }

    /** How many times it died of anything. */
    synchronized long deaths() {
        return deaths;
    }

    boolean hasFailedCritically() {
        TaskState now = state();
        return now.importance() == Importance.CRITICAL && now.state() == State.FAILED;
    }

    private void ended(@Nullable Throwable failure) {
        State now;
        Duration delay = Duration.ZERO;
        boolean refused = failure != null && ThreadShortage.isIn(failure);
        boolean told;
        synchronized (this) {
            told = refused && starved;
            starved = refused;
            if (failure != null) {
                deaths += refused ? 0 : 1;
                lastError = Optional.of(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            }
            if (retired) {
                state = State.STOPPED;
            } else if (failure == null) {
                state = State.FINISHED;
            } else if (refused) {
                state = State.WAITING;
                delay = WITHOUT_THREAD;
                callOff = timers.after(delay, this::begin);
            } else if (importance == Importance.OPTIONAL || backoff.inARow() >= MOST_RESTARTS) {
                state = State.FAILED;
            } else {
                state = State.WAITING;
                delay = backoff.ended();
                // Through a timer also when at once: a body that dies as it is called must not be called by itself.
                callOff = timers.after(delay, this::begin);
            }
            now = state;
        }
        if (!told) {
            report(now, delay, failure);
        }
        tell();
    }

    private void report(State now, Duration delay, @Nullable Throwable failure) {
        if (now == State.WAITING) {
            LOG.warn("Task {} died and is started again in {} s", name, delay.toSeconds(), failure);
        } else if (now == State.FAILED && importance == Importance.CRITICAL) {
            LOG.error("Task {} died again after {} restarts and is given up", name, MOST_RESTARTS, failure);
        } else if (now == State.FAILED) {
            LOG.warn("Task {} died and is left so", name, failure);
        }
    }

    // Outside of the lock. A stop on another thread may be told of before what it overtook.
    private void tell() {
        try {
            events.publish(EventAddresses.TASK, TaskChanged.of(state()));
        } catch (RuntimeException | Error e) { // who listens has no say in whether a task runs
            LOG.error("A change of task {} could not be told", name, e);
        }
    }
}
