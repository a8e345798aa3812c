package dev.musicfs.process;

import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Verticles;
import dev.musicfs.runtime.VertxSetup;
import dev.musicfs.runtime.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Vert.x with all its event loops begun. */
public final class EventLoops {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGER_THAN_ANY_RUN_DAYS = 10_000;

    private EventLoops() {}

    /**
     * Starts it and waits until every loop runs: each begins its thread when it is first used, and later there may be no
     * thread to be had.
     *
     * @param watcher given the Vert.x before anything runs on it
     * @param verticles deploys on it
     */
    public static Vertx startBlocking(
            Consumer<Vertx> watcher, Function<Vertx, Verticles> verticles, LifecycleStack stack) {
        Vertx vertx = Vertx.vertx(VertxSetup.options());
        watcher.accept(vertx);
        LocalMessages.register(vertx);
        // The thread for timeouts of futures without a context ends a second after the last of them; this one keeps it.
        Promise<Void> inUse = Promise.promise();
        Future<Void> timeouts = inUse.future().timeout(LONGER_THAN_ANY_RUN_DAYS, TimeUnit.DAYS);
        stack.push("Vert.x", patience -> {
            Waiting.await(vertx.close(), patience, "the end of Vert.x");
            inUse.complete();
            Waiting.await(timeouts, patience, "the end of the timeouts");
        });
        Waiting.await(begunAll(verticles.apply(vertx)), PATIENCE, "the start of the event loops");
        return vertx;
    }

    // Verticles are given the loops in turn.
    private static Future<?> begunAll(Verticles verticles) {
        return Future.all(IntStream.range(0, VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)
                .mapToObj(loop -> verticles.deploy(new VerticleBase() {}).compose(verticles::undeploy))
                .toList());
    }
}
