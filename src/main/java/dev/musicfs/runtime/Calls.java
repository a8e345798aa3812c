package dev.musicfs.runtime;

import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;

/** Asking those who may answer late or not at all. */
public final class Calls {
    private Calls() {}

    /** The call's future; one that throws, which a port must not, counts as failed. */
    public static <T> Future<T> safely(Supplier<Future<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException defect) {
            return Future.failedFuture(MusicFsException.wrap("A call that must not throw did", defect));
        }
    }

    /** The outcome, or the failure if there is none when patience ends; an outcome after that is dropped. */
    public static <T> Future<T> within(
            Timers timers, Duration patience, Future<T> running, Supplier<MusicFsException> otherwise) {
        if (running.isComplete()) {
            return running;
        }
        Promise<T> outcome = Promise.promise();
        Runnable cancel = timers.after(patience, () -> outcome.tryFail(otherwise.get()));
        running.onComplete(result -> {
            cancel.run();
            if (result.succeeded()) {
                outcome.tryComplete(result.result());
            } else {
                outcome.tryFail(result.cause());
            }
        });
        return outcome.future();
    }
}
