package dev.musicfs.testkit;

import dev.musicfs.config.reload.ReloadOutcome;
import dev.musicfs.control.ControlLimits;
import dev.musicfs.control.ControlVerticle;
import dev.musicfs.control.api.CacheRoutes;
import dev.musicfs.control.api.ConfigRoutes;
import dev.musicfs.control.api.DaemonRoutes;
import dev.musicfs.control.api.OriginRoutes;
import dev.musicfs.control.api.Route;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API on a real socket, with a {@link TestingCacheControl} behind it. */
public final class ControlServer implements AutoCloseable {
    /** As the daemon's, with a faster heartbeat. */
    public static final ControlLimits LIMITS =
            new ControlLimits(64 << 10, 32, Duration.ofSeconds(60), Duration.ofSeconds(25), Duration.ofMillis(10));

    /** What it serves. */
    public final TestingCacheControl cache = new TestingCacheControl();

    private final Vertx vertx = TestingVertx.start(new VertxOptions().setPreferNativeTransport(false));

    /** And what else. */
    public final TestingOriginControl origins = new TestingOriginControl();

    /** And itself. */
    public final TestingDaemonControl daemon = new TestingDaemonControl();

    /** What comes of reading its configuration again. */
    public volatile Future<ReloadOutcome> reloaded = Future.succeededFuture(new ReloadOutcome(List.of(), List.of()));

    /** Serves already. */
    public ControlServer(Path cacheDir, ControlLimits limits) {
        List<Route> routes = new ArrayList<>(CacheRoutes.to(cache));
        routes.addAll(OriginRoutes.to(origins));
        routes.addAll(DaemonRoutes.to(daemon));
        routes.addAll(ConfigRoutes.to(() -> reloaded));
        try {
            await(vertx.deployVerticle(new ControlVerticle(cacheDir, routes, limits)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw MusicFsException.wrap("it failed", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
