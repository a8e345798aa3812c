package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Calls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Starts a backend as often as it takes, one attempt at a time. For any thread. */
final class Starting {
    private final Origin backend;
    private final GuardServices services;
    private final Duration patience;
    private @Nullable Future<Void> attempt;
    private volatile boolean started;
    private volatile boolean stopped;

    Starting(Origin backend, GuardServices services, Duration patience) {
        this.backend = backend;
        this.services = services;
        this.patience = patience;
    }

    boolean started() {
        return started;
    }

    /**
     * When it is started; joins an attempt that is still under way, and gives up waiting for it after its patience with
     * {@code TIMEOUT}.
     */
    Future<Void> ensure() {
        return started ? Future.succeededFuture() : within(attempt());
    }

    private Future<Void> attempt() {
        Promise<Void> mine = Promise.promise();
        synchronized (this) {
            if (attempt != null) {
                return attempt;
            }
            attempt = mine.future();
        }
        Calls.safely(backend::start).onComplete(outcome -> {
            synchronized (this) {
                attempt = null;
                started = outcome.succeeded() && !stopped;
            }
            mine.handle(outcome);
        });
        return mine.future();
    }

    private Future<Void> within(Future<Void> attempt) {
        return services.in(patience)
                .bound(
                        attempt,
                        services.timers(),
                        () -> new MusicFsException(
                                FailureKind.TIMEOUT, "Origin " + backend.id() + " could not be started in time."));
    }

    void stop() {
        synchronized (this) {
            stopped = true;
            started = false;
        }
    }

    /** Whether a start that failed so may succeed later, when the origin is there again. */
    static boolean away(Throwable failure) {
        return switch (MusicFsException.kindOf(failure)) {
            case UNAVAILABLE, TIMEOUT, REJECTED, NOT_FOUND, STALE, CORRUPT -> true;
            case READ_ONLY, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }
}
