package dev.musicfs.origin.wire;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One sending of a request. Whatever comes after its end, in time or in bytes, is dropped. */
@Attended(timers = "the deadline of one exchange")
final class Exchange {
    private static final int FIRST_BUFFER = 1 << 20;

    private final String origin;
    private final Vertx vertx;
    private final HttpClient client;
    private final NameResolver names;
    private final Function<HttpClientResponse, Take> how;
    private final Deadline deadline;
    private final Promise<Answer> promise = Promise.promise();
    private @Nullable HttpClientRequest request;
    private long timer = -1;
    private boolean over;

    /** The connection was lost before any answer. */
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final MusicFsException failure;

        Unanswered(MusicFsException failure, Throwable cause) {
            super(failure.getMessage(), cause);
            this.failure = failure;
        }

        MusicFsException failure() {
            return failure;
        }
    }

    Exchange(
            String origin,
            Vertx vertx,
            HttpClient client,
            NameResolver names,
            Function<HttpClientResponse, Take> how,
            Deadline deadline) {
        this.origin = origin;
        this.vertx = vertx;
        this.client = client;
        this.names = names;
        this.how = how;
        this.deadline = deadline;
    }

    @Dropped("the exchange has failed already")
    Future<Answer> send(RequestOptions options, Buffer body) {
        if (deadline.expired()) {
            timedOut();
            return promise.future();
        }
        long left = Math.max(1, deadline.remaining().toMillis());
        synchronized (this) {
            timer = vertx.setTimer(left, id -> timedOut());
        }
        // On one context from here on: a response drops what comes before somebody asks for it.
        Context context = vertx.getOrCreateContext();
        names.resolve(options.getHost())
                .onSuccess(address -> context.runOnContext(go -> send(options, address, body, left)))
                .onFailure(this::failed);
        return promise.future();
    }

    @Dropped("the exchange has failed already")
    private void send(RequestOptions options, InetAddress address, Buffer body, long leftMillis) {
        options.setConnectTimeout(leftMillis)
                .setServer(SocketAddress.inetSocketAddress(options.getPort(), address.getHostAddress()));
        client.request(options)
                .onSuccess(ready -> {
                    if (keep(ready)) {
                        ready.send(body).onSuccess(this::take).onFailure(this::unanswered);
                    } else {
                        ready.reset();
                    }
                })
                .onFailure(this::failed);
    }

    private void take(HttpClientResponse response) {
        // First of all, since a reset is an exception as well, which Vert.x logs when nobody takes it.
        response.exceptionHandler(this::failed);
        Take take;
        try {
            take = how.apply(response);
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        // Of a promise of more than is wanted nothing is believed, memory least.
        Buffer taken = Buffer.buffer((int) Math.min(take.mostBytes(), Math.min(FIRST_BUFFER, announced(response))));
        long[] seen = {0};
        response.endHandler(end -> answered(new Answer(response.statusCode(), response.headers(), taken)));
        response.handler(part -> {
            long from = Math.min(part.length(), Math.max(0, take.skipBytes() - seen[0]));
            seen[0] += part.length();
            long wanted = Math.min(part.length() - from, take.mostBytes() - taken.length());
            taken.appendBuffer(part, (int) from, (int) wanted);
            long excess = seen[0] - take.skipBytes() - take.mostBytes();
            if (take.cut() && excess >= 0 && seen[0] != announced(response)) {
                answered(new Answer(response.statusCode(), response.headers(), taken));
                giveUp();
            } else if (!take.cut() && excess > 0) {
                failed(new MusicFsException(
                        FailureKind.CORRUPT,
                        origin + " sends more than " + take.mostBytes() + " bytes where no more are expected"));
            }
        });
    }

    private static long announced(HttpClientResponse response) {
        try {
            return Math.max(0, Long.parseLong(String.valueOf(response.getHeader("Content-Length"))));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private synchronized boolean keep(HttpClientRequest ready) {
        request = ready;
        return !over;
    }

    private synchronized boolean finish() {
        boolean first = !over;
        over = true;
        if (first) {
            vertx.cancelTimer(timer);
        }
        return first;
    }

    private void answered(Answer answer) {
        if (finish()) {
            promise.complete(answer);
        }
    }

    private void timedOut() {
        failed(new MusicFsException(FailureKind.TIMEOUT, origin + " did not answer in time"));
    }

    private void unanswered(Throwable e) {
        if (finish()) {
            giveUp();
            promise.fail(new Unanswered(failure(origin + " broke off the connection", e), e));
        }
    }

    private void failed(Throwable e) {
        if (finish()) {
            giveUp();
            promise.fail(failure(origin + " cannot be reached", e));
        }
    }

    @Dropped("the exchange has failed already")
    private void giveUp() {
        HttpClientRequest sent;
        synchronized (this) {
            sent = request;
        }
        if (sent != null) {
            sent.reset();
        }
    }

    private static MusicFsException failure(String message, Throwable e) {
        if (e instanceof MusicFsException ours) {
            return ours;
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new MusicFsException(FailureKind.UNAVAILABLE, message + ": " + reason, e);
    }
}
