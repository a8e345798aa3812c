package dev.musicfs.origin;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The blocking calls of one origin, on worker threads of its own. For any thread.
 *
 * @param origin whose they are
 * @param workers closed by their maker
 */
public record BlockingCalls(OriginId origin, WorkerExecutor workers) {
    /**
     * Calls on a worker. Fails as the call does, with {@code INTERNAL} for what is no {@link MusicFsException}, and with
     * {@code UNAVAILABLE} when the workers are closed or too many calls wait for them.
     */
    public <T extends @Nullable Object> Future<T> run(Callable<T> call) {
        return workers.executeBlocking(call, false)
                .recover(e -> Future.failedFuture(MusicFsException.wrap("Origin " + origin + " failed", e)));
    }

    /** What calls to an origin fail with that is stopped. */
    public MusicFsException stopped() {
        return new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + origin + " is stopped.");
    }
}
