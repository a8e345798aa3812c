package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.vfs.Waiter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one place where a thread waits for Vert.x. How many wait at a time is bounded by {@link AdmissionQueue}. A reply that comes
 * too late is dropped.
 */
public final class Bridge implements Waiter {
    private final CompletableFuture<Vertx> vertx = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Runnable> awaited = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Present and future callers ask this Vert.x from now on; {@link LocalMessages#register} was called on it. */
    public void connect(Vertx started) {
        vertx.complete(started);
    }

    /** Threads that wait at present. */
    public int waiting() {
        return waiting.get();
    }

    /** Fails present and future callers with {@code UNAVAILABLE} at once. For any thread; does not block. */
    public void close() {
        closed = true;
        awaited.forEach(Runnable::run);
    }

    private static void giveUp(CompletableFuture<?> future) {
        future.completeExceptionally(new MusicFsException(FailureKind.UNAVAILABLE, "MusicFS is shutting down."));
    }

    @Override
    public Deadline deadline(Duration patience) {
        return Deadline.in(patience.minus(AdmissionQueue.waited()));
    }

    @Override
    public <T> T await(String address, Object request, Class<T> replyType, Deadline deadline) {
        if (Context.isOnVertxThread()) {
            throw new MusicFsException(FailureKind.INTERNAL, "A Vert.x thread was about to wait for " + address + ".");
        }
        if (deadline.expired()) {
            throw new MusicFsException(
                    FailureKind.TIMEOUT, "The deadline passed before it was the turn to ask " + address + ".");
        }
        waiting.incrementAndGet();
        try {
            // A copy, since giving up one wait must not end the others.
            Vertx started = get(address, vertx.copy(), deadline);
            CompletableFuture<Object> reply = started.eventBus()
                    .request(address, request, LocalMessages.request(deadline.remaining()))
                    .<Object>map(message -> message.body())
                    .toCompletionStage()
                    .toCompletableFuture();
            return replyType.cast(get(address, reply, deadline));
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Waits("a thread of the kernel's requests, for one reply within its deadline")
    private <T> T get(String address, CompletableFuture<T> future, Deadline deadline) {
        Runnable end = () -> giveUp(future);
        awaited.add(end);
        try {
            if (closed) {
                end.run();
            }
            return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new MusicFsException(FailureKind.TIMEOUT, "No reply from " + address + " within the deadline.", e);
        } catch (ExecutionException e) {
            throw LocalMessages.failure(address, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.UNAVAILABLE, "Waiting for " + address + " was interrupted.", e);
        } finally {
            awaited.remove(end);
        }
    }
}
