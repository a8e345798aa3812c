package dev.musicfs.content.fetch;

import dev.musicfs.runtime.Timers;
import java.util.concurrent.Executor;

/**
 * The one thread on which the state of everything that is being fetched changes. Tasks run one at a time, in the order
 * they were given, and never inside the call that gave them; a timer's task runs there, too. Tasks must not block.
 */
public interface Loop extends Executor, Timers {
    /**
     * Runs a task at once if the caller is on the loop already, else soon. Only for a caller that is in the middle of
     * nothing: one that has just been called by the event bus or has just had an answer.
     */
    default void enter(Runnable task) {
        execute(task);
    }
}
