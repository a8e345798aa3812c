package dev.musicfs.origin.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A request that changes nothing, so that it may be sent again.
 *
 * @param address where its host is, when that was looked at; else the client asks
 * @param limit how much is taken of the body of a 2xx response, asked with that response before its body is there; may
 *     throw to refuse the response
 */
public record Request(
        HttpMethod method,
        HttpUrl url,
        Optional<InetAddress> address,
        Map<String, String> headers,
        Buffer body,
        Function<Response, BodyLimit> limit) {
    /** One whose host's address nobody has looked at. */
    public Request(
            HttpMethod method,
            HttpUrl url,
            Map<String, String> headers,
            Buffer body,
            Function<Response, BodyLimit> limit) {
        this(method, url, Optional.empty(), headers, body, limit);
    }

    /** Asks for the headers alone. */
    public static Request head(HttpUrl url) {
        return new Request(HttpMethod.HEAD, url, Map.of(), Buffer.buffer(), response -> BodyLimit.start(0));
    }

    /** Asks for a body. */
    public static Request get(HttpUrl url, Map<String, String> headers, Function<Response, BodyLimit> limit) {
        return new Request(HttpMethod.GET, url, headers, Buffer.buffer(), limit);
    }

    private static final Set<String> CONDITIONS = Set.of("If-Match", "If-Unmodified-Since");

    /** The same, sent elsewhere; to another server without what only this one can know. */
    public Request to(HttpUrl other) {
        Map<String, String> kept = new LinkedHashMap<>(headers);
        if (!url.isAt(other)) {
            kept.keySet().removeAll(CONDITIONS);
        }
        boolean sameHost = url.host().equalsIgnoreCase(other.host());
        return new Request(method, other, sameHost ? address : Optional.empty(), kept, body, limit);
    }

    /** The same, sent to that address and no other, whatever the name service says of its host by then. */
    Request at(InetAddress checked) {
        return new Request(method, url, Optional.of(checked), headers, body, limit);
    }
}
