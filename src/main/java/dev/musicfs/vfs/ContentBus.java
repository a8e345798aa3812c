package dev.musicfs.vfs;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.LocalMessages;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event bus as the way to content. What is asked before Vert.x has been started waits for it. However many wait, none
 * of them holds a thread.
 */
@Attended(workers = "for reads, each of which answers its reader itself")
public final class ContentBus implements ContentPort {
    /** Requests without a reply; each takes about 1 KiB of heap. */
    static final int MOST_WAITING = 65_536;
    /** More than the store lets in at a time less {@link DiskReads#INLINE_STORE}: when all in it hang, some are left. */
    private static final int STORE_THREADS = 48;

    private static final int ORIGIN_THREADS = 32;

    private final Promise<Connection> connection = Promise.promise();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Promise<?>> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private record Connection(Vertx vertx, Executor store, Executor origins) {
        Executor workers(Disk disk) {
            return switch (disk) {
                case STORE -> store;
                case ORIGINS -> origins;
            };
        }
    }

    /** Present and future callers ask this Vert.x from now on; {@link LocalMessages#register} was called on it. */
    public void connect(Vertx started) {
        connection.complete(new Connection(
                started,
                ExecutorPools.executor(started, "musicfs-store-reader", STORE_THREADS, MOST_WAITING),
                ExecutorPools.executor(started, "musicfs-disk-reader", ORIGIN_THREADS, MOST_WAITING)));
    }

    /** Requests without a reply at present. */
    public int waiting() {
        return waiting.get();
    }

    /** Fails present and future requests with {@code UNAVAILABLE} at once. For any thread; does not block. */
    public void close() {
        closed = true;
        asked.forEach(ContentBus::giveUp);
    }

    private static void giveUp(Promise<?> reply) {
        reply.tryFail(new MusicFsException(FailureKind.UNAVAILABLE, "MusicFS is shutting down."));
    }

    @Dropped("connecting never fails")
    @Override
    public <T> Future<T> ask(String address, Object request, Class<T> replyType, Deadline deadline) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE, MOST_WAITING + " requests wait for content already, the most allowed."));
        }
        Promise<T> reply = Promise.promise();
        asked.add(reply);
        reply.future().onComplete(over -> {
            asked.remove(reply);
            waiting.decrementAndGet();
        });
        if (closed) {
            giveUp(reply);
        } else {
            connection
                    .future()
                    .onSuccess(connected -> send(connected.vertx(), address, request, replyType, deadline, reply));
        }
        return reply.future();
    }

    private static <T> void send(
            Vertx vertx, String address, Object request, Class<T> replyType, Deadline deadline, Promise<T> reply) {
        if (reply.future().isComplete()) {
            return;
        }
        if (deadline.expired()) {
            reply.tryFail(new MusicFsException(
                    FailureKind.TIMEOUT, "The deadline passed before " + address + " could be asked."));
            return;
        }
        try {
            vertx.eventBus()
                    .<Object>request(address, request, LocalMessages.request(deadline.remaining()))
                    .map(message -> replyType.cast(message.body()))
                    .onComplete(result -> complete(reply, address, result));
        } catch (RuntimeException e) { // such as a Vert.x that has been closed
            reply.tryFail(LocalMessages.failure(address, e));
        }
    }

    private static <T> void complete(Promise<T> reply, String address, AsyncResult<T> result) {
        if (result.succeeded()) {
            reply.tryComplete(result.result());
        } else {
            reply.tryFail(LocalMessages.failure(address, result.cause()));
        }
    }

    @Override
    public void onWorker(Disk disk, Runnable task) {
        AsyncResult<Connection> connected = connection.future();
        if (!connected.succeeded()) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "MusicFS is still starting.");
        }
        try {
            connected.result().workers(disk).execute(task);
        } catch (RejectedExecutionException e) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "Too many reads wait for a disk already.", e);
        }
    }
}
