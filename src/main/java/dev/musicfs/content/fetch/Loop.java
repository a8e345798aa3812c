package dev.musicfs.content.fetch;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Where the state of everything that is being fetched lives: tasks run one at a time, in the order they were given, and
 * never inside the call that gave them. Tasks must not block.
 */
public interface Loop extends Executor {
    /** Runs a task after a delay, unless what comes back is run before. */
    Runnable after(Duration delay, Runnable task);
}
