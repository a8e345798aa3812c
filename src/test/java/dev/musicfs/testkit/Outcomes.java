package dev.musicfs.testkit;

import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What futures come to. Waits for a minute, which a healthy machine never needs. Not on an event loop. */
public final class Outcomes {
    private Outcomes() {}

    /** What it succeeds with; an {@link AssertionError} with the failure's {@link ExecutionException} as its cause else. */
    public static <T> T await(Future<T> future) {
        try {
            return ended(future);
        } catch (ExecutionException e) {
            throw new AssertionError("it failed: " + e.getCause(), e);
        }
    }

    /** What it fails with, which must be a failure with a kind. */
    public static MusicFsException failure(Future<?> future) {
        Object given;
        try {
            given = ended(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MusicFsException failure) {
                return failure;
            }
            throw new AssertionError("it failed without a kind: " + e.getCause(), e);
        }
        throw new AssertionError("it did not fail but gave " + given);
    }

    private static <T> T ended(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("it did not end within a minute", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
