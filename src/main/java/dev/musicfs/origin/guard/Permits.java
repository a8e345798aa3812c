package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * At most so many at a time; who comes later waits in a bounded queue, first come first served, until its deadline. For
 * any thread.
 */
final class Permits {
    private final int limit;
    private final int queueLimit;
    private final Timers timers;
    private final Set<Waiter> queue = new LinkedHashSet<>();
    private int taken;

    Permits(int limit, int queueLimit, Timers timers) {
        this.limit = limit;
        this.queueLimit = queueLimit;
        this.timers = timers;
    }

    /** Somebody in the queue; its timer is set after it has been put there. */
    private static final class Waiter {
        private final Promise<Permit> turn = Promise.promise();
    }

    /** The right to have one request under way, until it is given back; giving it back twice does nothing. */
    final class Permit {
        private final AtomicBoolean given = new AtomicBoolean();

        void release() {
            if (given.compareAndSet(false, true)) {
                next();
            }
        }
    }

    /** Fails with {@code UNAVAILABLE} when the queue is full and with {@code TIMEOUT} when the deadline comes. */
    Future<Permit> acquire(Deadline deadline) {
        Waiter waiter = new Waiter();
        synchronized (this) {
            if (taken < limit) {
                taken++;
                return Future.succeededFuture(new Permit());
            }
            if (queue.size() >= queueLimit) {
                return Future.failedFuture(new MusicFsException(
                        FailureKind.UNAVAILABLE, "Too many requests wait already: " + queueLimit + "."));
            }
            queue.add(waiter);
        }
        Runnable cancel = timers.after(deadline.remaining(), () -> giveUp(waiter));
        return waiter.turn.future().onComplete(any -> cancel.run());
    }

    /** Fails everybody who waits for a turn. */
    void turnAway(Supplier<MusicFsException> why) {
        List<Waiter> waiting;
        synchronized (this) {
            waiting = List.copyOf(queue);
            queue.clear();
        }
        waiting.forEach(waiter -> waiter.turn.tryFail(why.get()));
    }

    private void giveUp(Waiter waiter) {
        synchronized (this) {
            if (!queue.remove(waiter)) {
                return;
            }
        }
        waiter.turn.tryFail(new MusicFsException(
                FailureKind.TIMEOUT, "The deadline passed while " + limit + " other requests were under way."));
    }

    private void next() {
        Waiter first;
        synchronized (this) {
            Iterator<Waiter> waiting = queue.iterator();
            if (!waiting.hasNext()) {
                taken--;
                return;
            }
            first = waiting.next();
            waiting.remove();
        }
        first.turn.complete(new Permit());
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int waiting() {
        return queue.size();
    }
}
