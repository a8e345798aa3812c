package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.wire.Answer;
import dev.musicfs.origin.wire.Exchanges;
import dev.musicfs.origin.wire.Take;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Set;

/** Sends requests with the origin's credentials and follows redirects. */
final class Calls {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final String origin;
    private final HttpUrl root;
    private final String authorization;
    private final Exchanges exchanges;

    /** {@code authorization} is the value of the header, empty for none. */
    Calls(String origin, HttpUrl root, String authorization, Exchanges exchanges) {
        this.origin = origin;
        this.root = root;
        this.authorization = authorization;
        this.exchanges = exchanges;
    }

    /** What failures call the origin. */
    String origin() {
        return origin;
    }

    HttpUrl root() {
        return root;
    }

    /** The answer after at most five redirects, whatever its status. Fails as {@link Exchanges#send}. */
    Future<Reply> send(Call call, Deadline deadline) {
        return send(call, call.url(), 0, deadline);
    }

    private Future<Reply> send(Call call, HttpUrl url, int redirects, Deadline deadline) {
        return exchanges
                .send(() -> request(call, url), call.body(), response -> take(call, response), deadline)
                .compose(answer -> isRedirect(answer.status())
                        ? follow(call, url, answer, redirects, deadline)
                        : Future.succeededFuture(new Reply(url, redirects > 0, answer)));
    }

    private static Take take(Call call, HttpClientResponse response) {
        return isRedirect(response.statusCode())
                ? Take.start(Call.ERROR_BYTES)
                : call.how().apply(response);
    }

    private Future<Reply> follow(Call call, HttpUrl from, Answer answer, int redirects, Deadline deadline) {
        String location = answer.header("Location");
        HttpUrl to;
        try {
            if (location.isEmpty()) {
                throw new IllegalArgumentException("it does not say where to");
            }
            to = from.redirect(location);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    origin + " redirects " + from + " to nowhere (" + answer.status() + "): " + e.getMessage(),
                    e));
        }
        if (redirects == MOST_REDIRECTS) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    origin + " redirects " + call.url() + " more than " + MOST_REDIRECTS + " times, at last from "
                            + from + " to " + to + "; it goes round in a circle or the url of the origin is wrong"));
        }
        if (from.ssl() && !to.ssl()) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.REJECTED,
                    origin + " redirects from https to http, which is not followed: " + from + " to " + to));
        }
        return send(call, to, redirects + 1, deadline);
    }

    private RequestOptions request(Call call, HttpUrl url) {
        RequestOptions options = new RequestOptions()
                .setMethod(call.method())
                .setSsl(url.ssl())
                .setHost(url.host())
                .setPort(url.port())
                .setURI(url.target())
                .setFollowRedirects(false)
                .putHeader("User-Agent", "musicfs")
                // Ranges are of the file's own bytes.
                .putHeader("Accept-Encoding", "identity");
        call.headers().forEach(options::putHeader);
        if (!authorization.isEmpty() && root.trusts(url)) {
            options.putHeader("Authorization", authorization);
        }
        return options;
    }

    private static boolean isRedirect(int status) {
        return REDIRECTS.contains(status);
    }
}
