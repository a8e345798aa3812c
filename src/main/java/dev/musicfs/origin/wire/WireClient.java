package dev.musicfs.origin.wire;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends the requests of one origin over as many kept connections as its concurrency; at most
 * {@value #WAITING_PER_CONNECTION} requests wait for each of them, more are {@code UNAVAILABLE} at once. Each request has
 * a bound for its time and for what it takes into memory. For any thread.
 */
@Attended(timers = "the turn of one request")
public final class WireClient {
    private static final int WAITING_PER_CONNECTION = 32;

    /** How often one request is sent again to a server that puts it off. */
    private static final int MOST_REFUSALS = 8;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

    private final String name;
    private final BackendContext context;
    private final Authorization authorization;
    private final RedirectPolicy redirects;
    private final Optional<Pace> pace;
    private final HttpClient client;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Connects to nothing yet.
     *
     * @param idleSeconds after which an unused connection is closed
     */
    public WireClient(
            OriginConfig config,
            BackendContext context,
            int idleSeconds,
            Authorization authorization,
            RedirectPolicy redirects) {
        this(config, context, idleSeconds, authorization, redirects, Optional.empty(), false);
    }

    /**
     * The same.
     *
     * @param authority a file of certificates (PEM), one of which vouches for the server in place of those that the
     *     platform knows
     * @param paced whether a server that answers 429 or 503 is asked more slowly, and asked again
     */
    public WireClient(
            OriginConfig config,
            BackendContext context,
            int idleSeconds,
            Authorization authorization,
            RedirectPolicy redirects,
            Optional<Path> authority,
            boolean paced) {
        this.pace = paced ? Optional.of(new Pace(context.clock())) : Optional.empty();
        this.name = "Origin " + config.id();
        this.context = context;
        this.authorization = authorization;
        this.redirects = redirects;
        Duration connect = config.timeout().compareTo(LONGEST_CONNECT) < 0 ? config.timeout() : LONGEST_CONNECT;
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAliveTimeout(idleSeconds)
                .setTcpKeepAlive(true)
                .setConnectTimeout((int) Math.max(1, connect.toMillis()))
                .setDecompressionSupported(false);
        authority.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        this.client = context.vertx()
                .httpClientBuilder()
                .with(options)
                .with(new PoolOptions()
                        .setHttp1MaxSize(config.concurrency())
                        .setMaxWaitQueueSize(config.concurrency() * WAITING_PER_CONNECTION))
                .withConnectHandler(connection -> {
                    open.incrementAndGet();
                    connection.closeHandler(gone -> open.decrementAndGet());
                    // The request on it fails, and says so; without this Vert.x logs it as well.
                    connection.exceptionHandler(e -> {});
                })
                .build();
    }

    /** What failures call the origin. */
    public String name() {
        return name;
    }

    /**
     * The response after redirects, whatever its status; of one that is no 2xx the first 64 KiB of its body. When the
     * connection breaks before anything was answered, as one does that lay in the pool for too long, the request is sent
     * once more.
     *
     * <p>Fails with {@code TIMEOUT} at the deadline: the request is reset, and its connection with it unless it never had
     * one; with {@code UNAVAILABLE} and the cause when there is no connection or it breaks; with {@code CORRUPT} when the
     * body is longer than its limit; and as authorization, redirect policy and limit do.
     */
    public Future<Response> send(Request request, Deadline deadline) {
        underWay.incrementAndGet();
        return send(request, deadline, 0).onComplete(any -> underWay.decrementAndGet());
    }

    private Future<Response> send(Request request, Deadline deadline, int followed) {
        return sendOnce(request, deadline)
                .compose(response -> authorization.challenged(request, response)
                        ? sendOnce(request, deadline)
                        : Future.succeededFuture(response))
                .compose(response -> {
                    Optional<HttpUrl> next = redirects.next(request.url(), response, followed);
                    return next.isPresent()
                            ? follow(request, next.get(), deadline, followed + 1)
                            : Future.succeededFuture(response);
                });
    }

    private Future<Response> follow(Request request, HttpUrl next, Deadline deadline, int followed) {
        if (next.host().equalsIgnoreCase(request.url().host())) {
            return send(request.to(next), deadline, followed);
        }
        return context.names()
                .resolve(request.url().host())
                .compose(from -> context.names().resolve(next.host()).compose(address -> {
                    redirects.check(next, address, from);
                    return send(request.to(next).at(address), deadline, followed);
                }));
    }

    private Future<Response> sendOnce(Request request, Deadline deadline) {
        return pace.map(known -> paced(known, request, deadline, 0)).orElseGet(() -> sendNow(request, deadline));
    }

    /** Waits for the request's turn; one that the server puts off is sent again while there is time. */
    private Future<Response> paced(Pace known, Request request, Deadline deadline, int refused) {
        Duration delay = known.reserve();
        if (!delay.isZero() && delay.compareTo(deadline.remaining()) >= 0) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    name + " asked to be left alone for longer than the request has time, " + delay.toSeconds()
                            + " s"));
        }
        return delayed(delay).compose(now -> {
            long sent = context.clock().monotonicNanos();
            return sendNow(request, deadline).compose(response -> {
                boolean again = known.answered(response, sent);
                return again && refused < MOST_REFUSALS && !deadline.expired()
                        // What the server said tells more than that there was no time for another try.
                        ? paced(known, request, deadline, refused + 1).recover(e -> Future.succeededFuture(response))
                        : Future.succeededFuture(response);
            });
        });
    }

    private Future<Void> delayed(Duration delay) {
        if (delay.isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> turn = Promise.promise();
        context.vertx().setTimer(Math.max(1, delay.toMillis()), now -> turn.complete());
        return turn.future();
    }

    private Future<Response> sendNow(Request request, Deadline deadline) {
        Exchange exchange = new Exchange(name, context.vertx(), client, request, deadline);
        return begin(exchange, request, deadline)
                .recover(e -> exchange.unanswered() && !deadline.expired()
                        ? begin(new Exchange(name, context.vertx(), client, request, deadline), request, deadline)
                        : Future.failedFuture(e));
    }

    private Future<Response> begin(Exchange exchange, Request request, Deadline deadline) {
        if (deadline.expired()) {
            return Future.failedFuture(new MusicFsException(FailureKind.TIMEOUT, name + " was given no time"));
        }
        return closed ? Future.failedFuture(stopped()) : exchange.send(options(request));
    }

    private Future<RequestOptions> options(Request request) {
        HttpUrl url = request.url();
        return authorization.headers(request).compose(headers -> request.address()
                .map(Future::succeededFuture)
                .orElseGet(() -> context.names().resolve(url.host()))
                .map(address -> options(request, headers).setServer(address(address, url.port()))));
    }

    // An address in letters loses its zone on the way.
    private static SocketAddress address(InetAddress address, int port) {
        return address instanceof Inet6Address six && six.getScopeId() != 0
                ? SocketAddress.inetSocketAddress(new InetSocketAddress(six, port))
                : SocketAddress.inetSocketAddress(port, address.getHostAddress());
    }

    private static RequestOptions options(Request request, Map<String, String> authorization) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setSsl(request.url().ssl())
                .setHost(request.url().bracketedHost())
                .setPort(request.url().port())
                .setURI(request.url().target())
                .setFollowRedirects(false)
                .putHeader("User-Agent", "musicfs")
                // Ranges are of the file's own bytes.
                .putHeader("Accept-Encoding", "identity");
        request.headers().forEach(options::putHeader);
        authorization.forEach(options::putHeader);
        return options;
    }

    private MusicFsException stopped() {
        return new MusicFsException(FailureKind.UNAVAILABLE, name + " is stopped.");
    }

    /** Connections that are open now, used or idle. */
    public int openConnections() {
        return open.get();
    }

    /** Requests without an answer yet. */
    public int requestsUnderWay() {
        return underWay.get();
    }

    /** Ends what is under way; whatever is sent later is {@code UNAVAILABLE}. */
    public Future<Void> close() {
        closed = true;
        return client.close();
    }
}
