package dev.musicfs.origin.wire;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One sending of a request, on one event loop from the moment it may be sent. It ends at its deadline however far it has
 * come: what is under way is reset, which closes its connection and no other. What comes later is dropped.
 */
@Attended(timers = "the deadline of one exchange")
final class Exchange {
    private static final int DEEPEST_CAUSE = 10;
    private static final int FIRST_BUFFER = 1 << 20;
    /** How much of a page that only explains an error is read, so that its connection can be used again. */
    private static final int ERROR_BYTES = 64 << 10;

    private final String origin;
    private final Vertx vertx;
    private final HttpClient client;
    private final Request request;
    private final Deadline deadline;
    private final Promise<Response> promise = Promise.promise();
    private @Nullable HttpClientRequest sent;
    private boolean over;
    private volatile boolean unanswered;

    Exchange(String origin, Vertx vertx, HttpClient client, Request request, Deadline deadline) {
        this.origin = origin;
        this.vertx = vertx;
        this.client = client;
        this.request = request;
        this.deadline = deadline;
    }

    /** Once it has failed: whether its connection was lost before any answer, as one is that lay in the pool for too long. */
    boolean unanswered() {
        return unanswered;
    }

    /** Sends it once {@code options} are there, on whatever thread. To be called once. */
    Future<Response> send(Future<RequestOptions> options) {
        long timer = vertx.setTimer(millisLeft(), id -> failed(timeout()));
        // A response drops what comes before somebody asks for it, so all the rest is on one context.
        Context context = vertx.getOrCreateContext();
        options.onComplete(ready -> context.runOnContext(go -> connect(ready)));
        return promise.future().onComplete(any -> vertx.cancelTimer(timer));
    }

    private long millisLeft() {
        return Math.max(1, (deadline.remaining().toNanos() + 999_999) / 1_000_000);
    }

    private void connect(AsyncResult<RequestOptions> ready) {
        if (ready.failed()) {
            failed(ready.cause());
        } else if (!over) {
            // Bounded, so that it does not stay in the pool's queue for longer than anybody waits for it.
            Future.succeededFuture(ready.result().setConnectTimeout(millisLeft()))
                    .compose(client::request)
                    .onSuccess(this::send)
                    .onFailure(this::failed);
        }
    }

    @Dropped("the exchange is over already")
    private void send(HttpClientRequest connected) {
        sent = connected;
        if (over) {
            connected.reset();
            return;
        }
        Future<HttpClientResponse> answer =
                request.body().length() == 0 ? connected.send() : connected.send(request.body());
        answer.onSuccess(this::take).onFailure(e -> {
            unanswered = !over;
            failed(e);
        });
    }

    private void take(HttpClientResponse response) {
        // First of all, since a reset is an exception as well, which Vert.x logs when nobody takes it.
        response.exceptionHandler(this::failed);
        Response head = new Response(request.url(), response.statusCode(), response.headers(), Buffer.buffer());
        BodyLimit limit;
        try {
            limit = head.isSuccess() ? request.limit().apply(head) : BodyLimit.start(ERROR_BYTES);
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        long announced = head.contentLength().orElse(0);
        // Of a promise of more than is wanted nothing is believed, memory least.
        Buffer taken = Buffer.buffer((int) Math.min(limit.maxBytes(), Math.min(FIRST_BUFFER, announced)));
        Response whole = new Response(head.url(), head.status(), head.headers(), taken);
        long[] seen = {0};
        response.endHandler(end -> answered(whole));
        response.handler(part -> {
            long from = Math.min(part.length(), Math.max(0, limit.skipBytes() - seen[0]));
            seen[0] += part.length();
            long wanted = Math.min(part.length() - from, limit.maxBytes() - taken.length());
            taken.appendBuffer(part, (int) from, (int) wanted);
            long excess = seen[0] - limit.skipBytes() - limit.maxBytes();
            if (limit.cut() && excess >= 0 && seen[0] != announced) {
                answered(whole);
                reset();
            } else if (!limit.cut() && excess > 0) {
                failed(new MusicFsException(
                        FailureKind.CORRUPT,
                        origin + " sends more than " + limit.maxBytes() + " bytes where no more are expected"));
            }
        });
    }

    private void answered(Response response) {
        if (!over) {
            over = true;
            promise.complete(response);
        }
    }

    private void failed(Throwable e) {
        if (!over) {
            over = true;
            promise.fail(failure(e));
            reset();
        }
    }

    @Dropped("the exchange is over already")
    private void reset() {
        if (sent != null) {
            sent.reset();
        }
    }

    private MusicFsException failure(Throwable e) {
        if (e instanceof MusicFsException ours) {
            return ours;
        }
        if (e instanceof TimeoutException) { // no connection became free
            return timeout();
        }
        String reason = reason(e);
        return new MusicFsException(
                FailureKind.UNAVAILABLE,
                origin + (unanswered ? " broke off the connection: " : " cannot be reached: ") + reason,
                e);
    }

    /** Of a connection that failed over its certificate Vert.x says nothing but that. */
    private String reason(Throwable e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        Throwable cause = e;
        boolean tls = false;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            tls |= cause instanceof SSLException;
            if (cause instanceof CertificateException || cause instanceof CertPathBuilderException) {
                return "the certificate of " + request.url().server() + " is not trusted: " + cause.getMessage()
                        + "; ca_file can name the authority that signed it";
            }
            if (cause.getMessage() != null) {
                text = cause.getMessage();
            }
            cause = cause.getCause();
        }
        return tls ? "TLS with " + request.url().server() + " failed: " + text : text;
    }

    private MusicFsException timeout() {
        return new MusicFsException(FailureKind.TIMEOUT, origin + " did not answer in time");
    }
}
