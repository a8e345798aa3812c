package dev.musicfs.origin.wire;

import dev.musicfs.origin.NameResolver;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Requests over a pooled client of which each has a bound for its time and for what it takes into memory. For any
 * thread. The client belongs to whoever made it.
 */
public final class Exchanges {
    private final String origin;
    private final Vertx vertx;
    private final HttpClient client;
    private final NameResolver names;

    /** {@code origin} is what failures call the server. */
    public Exchanges(String origin, Vertx vertx, HttpClient client, NameResolver names) {
        this.origin = origin;
        this.vertx = vertx;
        this.client = client;
        this.names = names;
    }

    /**
     * Sends a request and takes as much of the body as {@code how} says once status and headers are there; what it throws
     * ends the exchange. Redirects are answers like others. When the connection breaks before anything was
     * answered, as one does that lay in the pool for too long, the request is sent once more, so it must be one that
     * changes nothing.
     *
     * <p>Fails with {@code TIMEOUT} at the deadline: the request is reset, and its connection with it unless it never had
     * one; with {@code UNAVAILABLE} and the cause when there is no connection or it breaks; with {@code CORRUPT} when the
     * body is longer than what was to be taken.
     *
     * @param request made anew for each sending, with host, port, scheme, method, URI and headers; the address is filled in
     */
    public Future<Answer> send(
            Supplier<RequestOptions> request, Buffer body, Function<HttpClientResponse, Take> how, Deadline deadline) {
        return once(request, body, how, deadline)
                .recover(e -> e instanceof Exchange.Unanswered && !deadline.expired()
                        ? once(request, body, how, deadline)
                        : Future.failedFuture(e))
                .recover(e -> Future.failedFuture(e instanceof Exchange.Unanswered lost ? lost.failure() : e));
    }

    private Future<Answer> once(
            Supplier<RequestOptions> request, Buffer body, Function<HttpClientResponse, Take> how, Deadline deadline) {
        return new Exchange(origin, vertx, client, names, how, deadline).send(request.get(), body);
    }
}
