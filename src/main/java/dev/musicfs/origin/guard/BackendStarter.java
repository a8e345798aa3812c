package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.SingleFlight;
import io.vertx.core.Future;
import java.time.Duration;

/** Starts a backend as often as it takes, one attempt at a time. For any thread. */
final class BackendStarter {
    private final Origin backend;
    private final GuardServices services;
    private final Duration patience;
    private final SingleFlight<OriginId, Void> attempts = new SingleFlight<>();
    private volatile boolean started;
    private volatile boolean stopped;

    BackendStarter(Origin backend, GuardServices services, Duration patience) {
        this.backend = backend;
        this.services = services;
        this.patience = patience;
    }

    boolean started() {
        return started;
    }

    /**
     * Completes when it is started; joins an attempt that is under way, and fails with {@code TIMEOUT} when that takes
     * longer than {@code patience}.
     */
    Future<Void> ensure() {
        return started
                ? Future.succeededFuture()
                : services.in(patience)
                        .bound(
                                attempts.run(backend.id(), this::attempt),
                                services.timers(),
                                () -> new MusicFsException(
                                        FailureKind.TIMEOUT,
                                        "Origin " + backend.id() + " could not be started in time."));
    }

    private Future<Void> attempt() {
        return started ? Future.succeededFuture() : Calls.safely(backend::start).onSuccess(done -> succeeded());
    }

    private synchronized void succeeded() {
        started = !stopped;
    }

    synchronized void stop() {
        stopped = true;
        started = false;
    }

    /** Whether a start that failed so may succeed later, when the origin is there again. */
    static boolean away(Throwable failure) {
        return switch (MusicFsException.kindOf(failure)) {
            case UNAVAILABLE, TIMEOUT, REJECTED, NOT_FOUND, STALE, CORRUPT -> true;
            case READ_ONLY, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }
}
