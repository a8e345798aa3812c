package dev.musicfs.origin.http;

import dev.musicfs.origin.wire.Take;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.function.Function;

/**
 * A request before it is known where it ends up.
 *
 * @param how what is taken of the body of an answer that is no redirect; may throw to refuse the answer
 */
record Call(
        HttpMethod method,
        HttpUrl url,
        Map<String, String> headers,
        Buffer body,
        Function<HttpClientResponse, Take> how) {
    /** How much of a page that only explains an error is read, so that its connection can be used again. */
    static final int ERROR_BYTES = 64 << 10;

    static Call head(HttpUrl url) {
        return new Call(HttpMethod.HEAD, url, Map.of(), Buffer.buffer(), response -> Take.start(ERROR_BYTES));
    }

    static Call get(HttpUrl url, Map<String, String> headers, Function<HttpClientResponse, Take> how) {
        return new Call(HttpMethod.GET, url, headers, Buffer.buffer(), how);
    }
}
