package dev.musicfs.chaos;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.registry.Backends;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A backend as the daemon makes it of its configuration, without a daemon. */
final class Far implements AutoCloseable {
    /** How long its origin waits for one answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Vertx vertx = TestingVertx.start(new VertxOptions().setPreferNativeTransport(false));
    private final OriginConfig config;
    private final WorkerExecutor workers;
    private final Origin origin;

    /** Started already. */
    Far(Lab lab, Protocol protocol, Path music, int port) throws IOException {
        Path file = Files.writeString(
                Files.createTempFile(lab.scratch("far"), "musicfs", ".toml"),
                Mounted.origin("far", 1, protocol.keys(lab, music, port)));
        config = new ConfigLoader(Backends.types())
                .load(Optional.of(file), ConfigLoader.Flags.NONE)
                .orThrow()
                .enabledOrigins()
                .get(0);
        workers = ExecutorPools.workers(vertx, "far", "Origin far", config.concurrency(), 1_000);
        OriginBackend backend = ServiceLoader.load(OriginBackend.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.type().name().equals(config.type().name()))
                .findFirst()
                .orElseThrow();
        origin = backend.create(config, new BackendContext(vertx, workers, Far::literal, Clock.system()));
        await(origin.start());
    }

    private static Future<InetAddress> literal(String host) {
        try {
            return Future.succeededFuture(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Future.failedFuture(e);
        }
    }

    Origin origin() {
        return origin;
    }

    int concurrency() {
        return config.concurrency();
    }

    /** A part of a file, within the deadline. */
    Future<Buffer> read(OriginEntry file, long offset, int length, Duration patience) {
        return origin.read(file.path(), file.version(), new ByteRange(offset, length), Deadline.in(patience));
    }

    /** A file of the root, asked for until it is there: the first request has to load half the library. */
    OriginEntry file(String name) {
        List<OriginEntry> found = new ArrayList<>();
        Polling.until(
                () -> {
                    Future<List<OriginEntry>> listing = origin.list(RealPath.ROOT);
                    found.addAll(await(listing.otherwise(List.of())));
                    return !found.isEmpty();
                },
                Duration.ofMillis(50),
                Deadline.in(PATIENCE));
        return found.stream()
                .filter(entry -> entry.path().equals(new RealPath(name)))
                .findFirst()
                .orElseThrow();
    }

    /** Whether each of its threads can be had at the same time, so that none is stuck in a call. */
    boolean hasAllItsThreads() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(config.concurrency());
        for (int i = 0; i < config.concurrency(); i++) {
            workers.executeBlocking(
                    () -> {
                        all.countDown();
                        return all.await(20, TimeUnit.SECONDS);
                    },
                    false);
        }
        return all.await(20, TimeUnit.SECONDS);
    }

    /** What a future gives; fails as it does. */
    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(origin.stop());
        await(vertx.close());
    }
}
