package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Credentials that are read once they are needed; a reading that failed is done again. For any thread. */
final class Keys {
    private final Callable<Optional<Credentials>> readBlocking;
    private final WorkerExecutor workers;
    private @Nullable Future<Optional<Credentials>> reading;

    Keys(Callable<Optional<Credentials>> readBlocking, WorkerExecutor workers) {
        this.readBlocking = readBlocking;
        this.workers = workers;
    }

    synchronized Future<Optional<Credentials>> get() {
        Future<Optional<Credentials>> known = reading;
        if (known == null || known.failed()) {
            known = read();
            reading = known;
        }
        return known;
    }

    private Future<Optional<Credentials>> read() {
        try {
            return workers.executeBlocking(readBlocking, false)
                    .recover(e -> Future.failedFuture(MusicFsException.wrap("the credentials cannot be read", e)));
        } catch (RejectedExecutionException | IllegalStateException e) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.UNAVAILABLE, "the credentials cannot be read any more", e));
        }
    }
}
