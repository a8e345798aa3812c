package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures: at the process's entry, in commands, and where {@link Waits} says why. */
public final class Waiting {
    private Waiting() {}

    @Waits("the thread of its caller, which the same rule holds to")
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
