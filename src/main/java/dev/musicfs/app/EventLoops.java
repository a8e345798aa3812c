package dev.musicfs.app;

import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Waiting;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Vert.x with all its event loops begun. */
final class EventLoops {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGER_THAN_ANY_RUN_DAYS = 10_000;

    private EventLoops() {}

    /**
     * Starts it and waits until every loop runs: each begins its thread when it is first used, and later there may be no
     * thread to be had.
     *
     * @param watcher given the Vert.x before anything runs on it
     */
    static Vertx startBlocking(Consumer<Vertx> watcher, LifecycleStack stack) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        watcher.accept(vertx);
        LocalMessages.register(vertx);
        // The thread for timeouts of futures without a context ends a second after the last of them: one is kept under
        // way.
        Promise<Void> inUse = Promise.promise();
        Future<Void> timeouts = inUse.future().timeout(LONGER_THAN_ANY_RUN_DAYS, TimeUnit.DAYS);
        stack.push("Vert.x", patience -> {
            Waiting.await(vertx.close(), patience, "the end of Vert.x");
            inUse.complete();
            Waiting.await(timeouts, patience, "the end of the timeouts");
        });
        DeploymentOptions all = new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
        Waiting.await(
                vertx.deployVerticle(() -> new VerticleBase() {}, all).compose(vertx::undeploy),
                PATIENCE,
                "the start of the event loops");
        return vertx;
    }
}
