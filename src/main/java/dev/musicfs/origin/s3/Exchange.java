package dev.musicfs.origin.s3;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.s3.Answer.BodyRule;
import dev.musicfs.origin.s3.Answer.Taking;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on the wire and its answer, all of it on one event loop. However far it has come, it ends at its deadline:
 * what is under way is reset, which closes its connection and nothing else.
 */
@Attended(timers = "the deadline of one exchange")
final class Exchange {
    private static final int MOST_AT_FIRST = 1 << 20;

    private final Promise<Answer> done = Promise.promise();
    private final String about;
    private final Taking taking;
    private @Nullable HttpClientRequest request;
    private @Nullable Buffer kept;
    private long skipped;
    private boolean over;

    private Exchange(String about, Taking taking) {
        this.about = about;
        this.taking = taking;
    }

    /** Begins one; on the event loop on which it shall be. {@code options} is asked for when it may be sent. */
    static Future<Answer> begin(
            Vertx vertx,
            HttpClient client,
            String about,
            Supplier<Future<RequestOptions>> options,
            Taking taking,
            Deadline deadline) {
        Exchange exchange = new Exchange(about, taking);
        long millis = millis(deadline);
        if (millis <= 0) {
            return Future.failedFuture(exchange.late());
        }
        long timer = vertx.setTimer(millis, fired -> exchange.fail(exchange.late()));
        options.get()
                .compose(where -> exchange.over
                        ? Future.<HttpClientRequest>failedFuture(exchange.late())
                        // So that it does not stay in the pool's queue for longer than anybody waits for it.
                        : client.request(where.setConnectTimeout(Math.max(1, millis(deadline)))))
                .onSuccess(exchange::send)
                .onFailure(exchange::fail);
        return exchange.done.future().onComplete(any -> vertx.cancelTimer(timer));
    }

    private static long millis(Deadline deadline) {
        return (deadline.remaining().toNanos() + 999_999) / 1_000_000;
    }

    @Dropped("the exchange has failed already")
    private void send(HttpClientRequest ready) {
        request = ready;
        if (over) {
            ready.reset();
            return;
        }
        ready.send().onSuccess(this::take).onFailure(this::fail);
    }

    private void take(HttpClientResponse response) {
        // Also of what is given up already: else Vert.x logs that nobody wants to know.
        response.exceptionHandler(this::fail);
        if (over) {
            return;
        }
        BodyRule rule;
        try {
            rule = taking.rule(response.statusCode(), response.headers());
        } catch (MusicFsException e) {
            fail(e);
            return;
        }
        response.handler(part -> take(response, rule, part));
        response.endHandler(end -> finish(response));
    }

    private void take(HttpClientResponse response, BodyRule rule, Buffer part) {
        if (over) {
            return;
        }
        int from = (int) Math.min(part.length(), rule.skip() - skipped);
        skipped += from;
        int room = rule.keep() - length();
        int to = (int) Math.min(part.length(), (long) from + room);
        if (kept == null) {
            kept = Buffer.buffer(Math.min(rule.keep(), MOST_AT_FIRST));
        }
        kept.appendBuffer(part, from, to - from);
        if (to == part.length() && !(rule.cut() && length() == rule.keep())) {
            return;
        }
        if (rule.cut()) {
            finish(response);
            reset();
        } else {
            fail(new MusicFsException(FailureKind.CORRUPT, about + ": the answer is longer than it may be"));
        }
    }

    private void finish(HttpClientResponse response) {
        over = true;
        done.tryComplete(new Answer(response.statusCode(), response.headers(), kept == null ? Buffer.buffer() : kept));
    }

    private int length() {
        return kept == null ? 0 : kept.length();
    }

    private void fail(Throwable failure) {
        if (over) {
            return;
        }
        over = true;
        done.tryFail(named(failure));
        reset();
    }

    private MusicFsException named(Throwable failure) {
        if (failure instanceof MusicFsException ours) {
            return ours;
        }
        // No connection became free.
        return failure instanceof TimeoutException
                ? late()
                : new MusicFsException(FailureKind.UNAVAILABLE, about + ": " + reason(failure), failure);
    }

    @Dropped("the exchange has failed already")
    private void reset() {
        if (request != null) {
            request.reset();
        }
    }

    private MusicFsException late() {
        return new MusicFsException(FailureKind.TIMEOUT, about + ": no answer in time");
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
