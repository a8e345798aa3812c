package dev.musicfs.origin.guard;

import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** Probes a backend, and starts it before if need be; never twice at a time, however long it takes. For any thread. */
final class OneProbe {
    private final Origin backend;
    private final Starting starting;
    private @Nullable Future<Void> underWay;

    OneProbe(Origin backend, Starting starting) {
        this.backend = backend;
        this.starting = starting;
    }

    Future<Void> ask(Deadline deadline) {
        Promise<Void> mine = Promise.promise();
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            underWay = mine.future();
        }
        starting.ensure()
                .compose(v -> Calls.safely(() -> backend.probe(deadline)))
                .onComplete(outcome -> {
                    synchronized (this) {
                        underWay = null;
                    }
                    mine.handle(outcome);
                });
        return mine.future();
    }
}
