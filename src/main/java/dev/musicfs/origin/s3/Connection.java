package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.s3.Answer.BodyRule;
import dev.musicfs.origin.s3.Answer.Taking;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one origin: signs, sends, follows. Everything runs on one event loop; for any thread. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    // Amazon closes after about 20 s.
    private static final int IDLE_SECONDS = 15;
    private static final int MOST_WAITING = 256;
    private static final int MOST_ERROR_BYTES = 64 << 10;
    private static final int MOST_REDIRECTS = 3;

    private final String name;
    private final BackendContext context;
    private final Context spareLoop;
    private final HttpClient client;
    private final Signer signer;
    private final Keys keys;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private @Nullable Context loop;
    private volatile Location location;
    private volatile boolean stopped;

    Connection(OriginConfig config, BackendContext context, Map<String, String> environment) {
        this.name = "Origin " + config.id();
        this.context = context;
        this.location = Location.of(config.settings());
        this.spareLoop = context.vertx().getOrCreateContext();
        this.signer = new Signer(context.clock());
        this.keys = new Keys(() -> Credentials.readBlocking(config.settings(), environment), context.workers());
        this.client = context.vertx()
                .httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout((int) Math.max(1, config.timeout().toMillis()))
                        .setKeepAliveTimeout(IDLE_SECONDS))
                .with(new PoolOptions().setHttp1MaxSize(config.concurrency()).setMaxWaitQueueSize(MOST_WAITING))
                .withConnectHandler(connection -> {
                    open.incrementAndGet();
                    connection.closeHandler(closed -> open.decrementAndGet());
                    // The request under way, if there is one, is told as well.
                    connection.exceptionHandler(e -> LOG.debug("{}: a connection broke", name, e));
                })
                .build();
    }

    Location location() {
        return location;
    }

    /** Connections that are open now, used or idle. */
    int open() {
        return open.get();
    }

    /** Requests without an answer yet. */
    int underWay() {
        return underWay.get();
    }

    Future<Void> close() {
        stopped = true;
        return client.close();
    }

    /** The credentials, read if they were not yet. */
    Future<Void> prepare() {
        return keys.get().mapEmpty();
    }

    /**
     * The answer to a call, of whatever status; redirects to where the bucket is are followed. {@code taking} is only
     * asked about answers of status 2xx, of all others the first 64 KiB are kept.
     */
    Future<Answer> send(Call call, Taking taking, Deadline deadline) {
        Taking bounded = (status, headers) ->
                status / 100 == 2 ? taking.rule(status, headers) : new BodyRule(0, MOST_ERROR_BYTES, true);
        underWay.incrementAndGet();
        Promise<Answer> answered = Promise.promise();
        loop().runOnContext(go ->
                send(call, location.target(call.key()), bounded, deadline, 0).onComplete(answered));
        return answered.future().onComplete(any -> underWay.decrementAndGet());
    }

    private Future<Answer> send(Call call, Target target, Taking taking, Deadline deadline, int redirects) {
        if (stopped) {
            return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, name + " is stopped."));
        }
        String about = name + " cannot " + call.about();
        return Exchange.begin(context.vertx(), client, about, () -> options(call, target), taking, deadline)
                .compose(answer -> {
                    if (answer.status() / 100 != 3) {
                        return Future.succeededFuture(answer);
                    }
                    Optional<Target> next =
                            redirects < MOST_REDIRECTS ? redirected(call, target, answer) : Optional.empty();
                    return next.isPresent()
                            ? send(call, next.get(), taking, deadline, redirects + 1)
                            : Future.failedFuture(Redirects.refused(about, target, answer, redirects));
                });
    }

    private Optional<Target> redirected(Call call, Target from, Answer answer) {
        Optional<Location> moved = Redirects.otherRegion(location, answer);
        if (moved.isPresent()) {
            location = moved.get();
            return Optional.of(moved.get().target(call.key()));
        }
        return Redirects.temporary(location, from, answer);
    }

    private Future<RequestOptions> options(Call call, Target target) {
        return keys.get()
                .compose(
                        credentials -> context.names().resolve(target.address()).map(address -> new RequestOptions()
                                .setMethod(call.method())
                                .setSsl(target.ssl())
                                .setHost(target.host())
                                .setPort(target.port())
                                .setServer(
                                        SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())))
                                .setURI(
                                        call.query().isEmpty()
                                                ? target.path()
                                                : target.path() + "?" + Encoding.query(call.query()))
                                .setHeaders(signer.headers(
                                        call.method(),
                                        target,
                                        call.query(),
                                        call.headers(),
                                        location.region(),
                                        credentials))))
                .compose(this::onLoop);
    }

    /** That of whoever uses the origin first, which is the verticle that starts it. */
    private synchronized Context loop() {
        Context known = loop;
        if (known == null) {
            Context here = context.vertx().getOrCreateContext();
            known = here.isEventLoopContext() ? here : spareLoop;
            loop = known;
        }
        return known;
    }

    /** Whatever thread the resolver answers on, what comes after it is on the loop. */
    private <T> Future<T> onLoop(T value) {
        Context here = loop();
        if (context.vertx().getOrCreateContext() == here) {
            return Future.succeededFuture(value);
        }
        Promise<T> there = Promise.promise();
        here.runOnContext(go -> there.complete(value));
        return there.future();
    }
}
