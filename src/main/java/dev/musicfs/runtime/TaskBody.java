package dev.musicfs.runtime;

import io.vertx.core.Future;

/** What a {@link SupervisedTask} does; run anew whenever it is started again. */
@FunctionalInterface
public interface TaskBody {
    /**
     * Begins the activity and returns at once; it must not block. Called on the thread that registers the task, later on
     * that of a timer.
     *
     * @param handle says when to stop; one that has nothing to clear away may return {@link TaskHandle#stopRequested}
     * @return when the activity has ended: well when it is finished, with a failure when it died, as throwing does too
     */
    Future<Void> run(TaskHandle handle);
}
