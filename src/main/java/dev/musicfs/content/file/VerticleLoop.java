package dev.musicfs.content.file;

import dev.musicfs.content.fetch.Loop;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The event loop of the room's verticle, which has to be started before anything is run. */
final class VerticleLoop implements Loop {
    private volatile @Nullable Verticle verticle;

    /** Where a verticle runs: an event loop has one thread, whatever contexts share it. */
    private record Verticle(Context context, Thread thread) {}

    /** The verticle is started; to be called once, on its context. */
    void started(Context context) {
        if (!context.isEventLoopContext()) {
            throw new IllegalStateException("the content room is not to be started on a worker thread");
        }
        verticle = new Verticle(context, Thread.currentThread());
    }

    /** Whether there is a loop by now. */
    boolean isStarted() {
        return verticle != null;
    }

    @Override
    public void execute(Runnable task) {
        verticle().context().runOnContext(nothing -> task.run());
    }

    @Override
    public void enter(Runnable task) {
        if (Thread.currentThread() == verticle().thread()) {
            task.run();
        } else {
            execute(task);
        }
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        // On the loop this sets a timer of the loop's own, and entering it costs no further turn.
        return Timers.of(verticle().context().owner()).after(delay, () -> enter(task));
    }

    private Verticle verticle() {
        Verticle now = verticle;
        if (now == null) {
            throw new IllegalStateException("the content room has not been started");
        }
        return now;
    }
}
