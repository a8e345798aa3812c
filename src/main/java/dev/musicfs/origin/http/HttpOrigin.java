package dev.musicfs.origin.http;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Secret;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.wire.Exchanges;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Music on a web server, over as many kept connections as its concurrency; at most {@value #WAITING} requests wait for
 * each of them, more are {@code UNAVAILABLE} at once.
 */
final class HttpOrigin implements Origin {
    private static final int WAITING = 32;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

    private final OriginConfig config;
    private final BackendContext context;
    private final String name;
    private volatile @Nullable Live live;
    private volatile boolean stopped;

    /** What there is between start and stop. */
    private record Live(HttpClient client, Listings listings, RangedRead reads) {}

    HttpOrigin(OriginConfig config, BackendContext context) {
        this.config = config;
        this.context = context;
        this.name = "Origin " + config.id();
    }

    @Override
    public OriginId id() {
        return config.id();
    }

    /** Reads the secrets, {@code REJECTED} when they cannot be had; the server may be away. */
    @Override
    public Future<Void> start() {
        return onWorker(() -> {
                    open(authorizationBlocking(config.settings()));
                    return true;
                })
                .mapEmpty();
    }

    private static String authorizationBlocking(OriginSettings settings) {
        Optional<Secret> token = settings.secret(HttpBackend.TOKEN);
        if (token.isPresent()) {
            return "Bearer " + token.get().readBlocking();
        }
        return settings.text(HttpBackend.USER)
                .or(() -> HttpUrl.userOf(settings.requiredText(HttpBackend.URL)))
                .map(user -> user + ":"
                        + settings.secret(HttpBackend.PASSWORD)
                                .map(Secret::readBlocking)
                                .orElse(""))
                .map(both -> "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
                .orElse("");
    }

    private synchronized void open(String authorization) {
        if (live != null || stopped) {
            return;
        }
        Duration connect = config.timeout().compareTo(LONGEST_CONNECT) < 0 ? config.timeout() : LONGEST_CONNECT;
        HttpClient client = context.vertx()
                .httpClientBuilder()
                .with(new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setTcpKeepAlive(true)
                        .setConnectTimeout((int) Math.max(1, connect.toMillis()))
                        .setDecompressionSupported(false))
                .with(new PoolOptions()
                        .setHttp1MaxSize(config.concurrency())
                        .setMaxWaitQueueSize(config.concurrency() * WAITING))
                // The requests on it fail, and say so; without this Vert.x logs each of them as well.
                .withConnectHandler(connection -> connection.exceptionHandler(e -> {}))
                .build();
        Calls calls = new Calls(
                name,
                HttpUrl.ofRoot(config.settings().requiredText(HttpBackend.URL)),
                authorization,
                new Exchanges(name, context.vertx(), client, context.names()));
        live = new Live(
                client,
                new Listings(
                        config.settings().text(HttpBackend.LISTING).orElse("auto"),
                        calls,
                        this::onWorker,
                        // The other half is for reads.
                        Math.max(1, config.concurrency() / 2),
                        () -> Deadline.in(config.timeout())),
                new RangedRead(calls));
    }

    @Override
    public synchronized Future<Void> stop() {
        stopped = true;
        Live ending = live;
        live = null;
        return ending == null ? Future.succeededFuture() : ending.client.close();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        Deadline first = Deadline.in(config.timeout());
        return with(now -> now.listings
                .of(first)
                .compose(listing -> listing.list(directory))
                .recover(e -> absentOrGone(now, directory, Deadline.in(config.timeout()), e)));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return with(now -> now.listings
                .of(deadline)
                .compose(listing -> listing.stat(path, deadline))
                .recover(e -> absentOrGone(now, path, deadline, e)));
    }

    /** An empty range, such as one at the end, asks the server nothing. */
    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        ByteRange wanted = range.within(expected.sizeBytes());
        return with(now -> wanted.length() == 0
                ? Future.succeededFuture(Buffer.buffer())
                : now.reads.read(path, expected, wanted, deadline).recover(e -> absentOrGone(now, path, deadline, e)));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return with(now -> now.listings
                .of(deadline)
                .compose(listing -> listing.probe(deadline))
                .recover(e -> absentOrGone(now, RealPath.ROOT, deadline, e)));
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    /** A server whose root is away answers 404 to everything: only while the root is there is something else absent. */
    private <T> Future<T> absentOrGone(Live now, RealPath path, Deadline deadline, Throwable e) {
        if (MusicFsException.kindOf(e) != FailureKind.NOT_FOUND) {
            return Future.failedFuture(e);
        }
        if (path.isRoot()) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE, name + " is gone: its root is not there. " + e.getMessage(), e));
        }
        return now.listings
                .of(deadline)
                .compose(listing -> listing.probe(deadline))
                .recover(root -> absentOrGone(now, RealPath.ROOT, deadline, root))
                .compose(there -> Future.failedFuture(e));
    }

    private <T> Future<T> with(Function<Live, Future<T>> call) {
        Live now = live;
        if (now == null) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE, name + (stopped ? " is stopped." : " is not started.")));
        }
        return call.apply(now)
                .recover(e -> Future.failedFuture(
                        stopped && MusicFsException.kindOf(e) == FailureKind.INTERNAL
                                ? new MusicFsException(FailureKind.UNAVAILABLE, name + " is stopped.", e)
                                : MusicFsException.wrap(name + " failed", e)));
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        try {
            return context.workers()
                    .executeBlocking(work, false)
                    .recover(e -> Future.failedFuture(
                            e instanceof RejectedExecutionException
                                    ? new MusicFsException(FailureKind.UNAVAILABLE, name + " is stopped.", e)
                                    : MusicFsException.wrap(name + " failed", e)));
        } catch (RejectedExecutionException | IllegalStateException e) {
            return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, name + " is stopped.", e));
        }
    }
}
