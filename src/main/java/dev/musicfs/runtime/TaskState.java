package dev.musicfs.runtime;

import java.util.Optional;

/**
 * The state of a supervised task.
 *
 * @param name under which it was registered
 * @param importance whether it is started again when it dies
 * @param state what it does now
 * @param restarts how many times it was started again since it last stayed up for {@link Backoff#RECOVERED}
 * @param lastError what it died of last, also when it has recovered since
 */
public record TaskState(String name, Importance importance, State state, int restarts, Optional<String> lastError) {

    /** Whether a task is started again. */
    public enum Importance {
        /** The daemon is not whole without it: started again, and reported when that is of no use. */
        CRITICAL,
        /** Logged when it dies, and left. */
        OPTIONAL
    }

    /** What a task does. */
    public enum State {
        RUNNING,
        /** It died and will be started again. */
        WAITING,
        /** It ended by itself, as it may. */
        FINISHED,
        /** It died and stays so. */
        FAILED,
        /** It was told to end. */
        STOPPED
    }
}
