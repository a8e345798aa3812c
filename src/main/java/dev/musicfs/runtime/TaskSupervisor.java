package dev.musicfs.runtime;

import dev.musicfs.failure.Dropped;
import dev.musicfs.runtime.TaskState.Importance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows every activity of the daemon that runs for long, and starts critical ones again when they die: at once, then
 * after 1 s, 5 s and 30 s, at most five times in a row. What stayed up for a minute counts as recovered. What the system
 * gives no thread for is tried every 10 s for as long as that lasts, be it critical or not. Every change is published as
 * {@link TaskChanged}. For any thread; never blocks.
 */
public final class TaskSupervisor {
    private final Timers timers;
    private final Clock clock;
    private final Events events;
    private final List<SupervisedTask> tasks = new ArrayList<>();
    private @Nullable Future<Void> stopped;

    /** One with Vert.x's timers and bus and the machine's clock, with nothing to look after yet. */
    public static TaskSupervisor on(Vertx vertx) {
        return new TaskSupervisor(Timers.of(vertx), Clock.system(), Events.on(vertx));
    }

    /** With nothing to look after yet. */
    public TaskSupervisor(Timers timers, Clock clock, Events events) {
        this.timers = timers;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Begins an activity, on the calling thread, and looks after it from now on. After {@link #stop} it is not begun any
     * more.
     *
     * @param name by which it is known; unique
     */
    @Dropped("a task that was never begun ends at once")
    public SupervisedTask supervise(String name, Importance importance, TaskBody body) {
        SupervisedTask task = new SupervisedTask(name, importance, body, timers, clock, events);
        boolean late;
        synchronized (this) {
            if (tasks.stream().anyMatch(each -> each.state().name().equals(name))) {
                throw new IllegalArgumentException("there is a task " + name + " already");
            }
            late = stopped != null;
            tasks.add(task);
        }
        if (late) {
            var unused = task.stop();
        } else {
            task.begin();
        }
        return task;
    }

    /** Stops a task and forgets it, so that another may have its name; completes when it has ended, at the latest after 5 s. */
    public Future<Void> release(SupervisedTask task) {
        synchronized (this) {
            tasks.remove(task);
        }
        return task.stop();
    }

    /**
     * Stops all, one after another, what was registered last first; completes when all have ended, those that take
     * longer than 5 s aside. Nothing is started again afterwards. Asking twice is the same as asking once.
     */
    public Future<Void> stop() {
        Promise<Void> all = Promise.promise();
        List<SupervisedTask> known;
        synchronized (this) {
            if (stopped != null) {
                return stopped;
            }
            stopped = all.future();
            known = new ArrayList<>(tasks);
        }
        // All at first: none may be started again while others are waited for.
        known.forEach(SupervisedTask::retire);
        Collections.reverse(known);
        FutureLoop.forEach(known, SupervisedTask::stop).onComplete(all);
        return all.future();
    }

    /** The state of every task, in the order of registration. */
    public List<TaskState> tasks() {
        return copy().stream().map(SupervisedTask::state).toList();
    }

    /** Whether no critical task was given up. */
    public boolean criticalAlive() {
        return copy().stream().noneMatch(SupervisedTask::hasFailedCritically);
    }

    /** How many times tasks have died since the start, all together. */
    public long deaths() {
        return copy().stream().mapToLong(SupervisedTask::deaths).sum();
    }

    private synchronized List<SupervisedTask> copy() {
        return List.copyOf(tasks);
    }
}
