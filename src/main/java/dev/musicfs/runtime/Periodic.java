package dev.musicfs.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * A task that does the same again and again, the first time at once. It dies of whatever that throws.
 *
 * @param interval between the end of one time and the next
 * @param action on the thread that begins the task, later on that of a timer; it must not block
 */
public record Periodic(Duration interval, Runnable action, Timers timers) implements TaskBody {
    @Override
    public Future<Void> run(TaskHandle handle) {
        Promise<Void> over = Promise.promise();
        handle.stopRequested().onComplete(v -> over.tryComplete());
        turn(over);
        return over.future();
    }

    // One timer may still fire after the end and does nothing.
    private void turn(Promise<Void> over) {
        if (over.future().isComplete()) {
            return;
        }
        try {
            action.run();
            var unused = timers.after(interval, () -> turn(over));
        } catch (RuntimeException | Error e) {
            over.tryFail(e);
        }
    }
}
