package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures on the process's own threads: the entry, the shutdown hook, reloads and the doctor, nowhere else. */
public final class Waiting {
    private Waiting() {}

    public static <T> T await(Future<T> future, Duration patience, String what) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw MusicFsException.wrap(what + " failed", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new MusicFsException(
                    FailureKind.TIMEOUT, what + " did not end within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.INTERNAL, what + " was interrupted", e);
        }
    }
}
