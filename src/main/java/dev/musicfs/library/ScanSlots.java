package dev.musicfs.library;

import dev.musicfs.runtime.Calls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a scan has under way at its origin at a time, so that some are left for those who listen. Others wait
 * in order; what a scan asks for at once bounds how many. For any thread.
 */
public final class ScanSlots {
    private final int width;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int taken;
    private boolean draining;

    /** Room for {@code width} requests, at least one. */
    public ScanSlots(int width) {
        this.width = Math.max(1, width);
    }

    /** Makes the request when there is room for it. */
    public <T> Future<T> run(Supplier<Future<T>> request) {
        Promise<T> promise = Promise.promise();
        synchronized (this) {
            waiting.add(() -> Calls.safely(request).onComplete(result -> {
                leave();
                promise.handle(result);
            }));
        }
        drain();
        return promise.future();
    }

    private void leave() {
        synchronized (this) {
            taken--;
        }
        drain();
    }

    // A loop rather than a recursion: answers may be there at once.
    private void drain() {
        synchronized (this) {
            if (draining) {
                return;
            }
            draining = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        if (waiting.isEmpty() || taken >= width) {
            draining = false;
            return null;
        }
        taken++;
        return waiting.remove();
    }
}
