package dev.musicfs.runtime;

/**
 * Published at {@link EventAddresses#TASK}.
 *
 * @param task its name
 * @param importance {@code CRITICAL} or {@code OPTIONAL}
 * @param state {@code RUNNING}, {@code WAITING}, {@code FINISHED}, {@code FAILED} or {@code STOPPED}
 * @param restarts how many times in a row it was started again
 * @param error what it died of last; empty when it never did
 */
public record TaskChanged(String task, String importance, String state, int restarts, String error) {
    static TaskChanged of(TaskState state) {
        return new TaskChanged(
                state.name(),
                state.importance().name(),
                state.state().name(),
                state.restarts(),
                state.lastError().orElse(""));
    }
}
