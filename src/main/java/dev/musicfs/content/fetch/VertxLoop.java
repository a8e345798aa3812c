package dev.musicfs.content.fetch;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/** An event loop of Vert.x. */
public final class VertxLoop implements Loop {
    private final Vertx vertx;
    private final Context context;

    public VertxLoop(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        if (!context.isEventLoopContext()) {
            throw new IllegalStateException("the content room is not to be made on a worker thread");
        }
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(nothing -> task.run());
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        // Rounded up: a deadline must be over when its timer fires.
        long timer = vertx.setTimer(Math.max(1, delay.toMillis() + 1), id -> execute(task));
        return () -> vertx.cancelTimer(timer);
    }
}
