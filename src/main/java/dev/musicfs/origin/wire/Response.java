package dev.musicfs.origin.wire;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;

/**
 * What a server answered, whatever its status.
 *
 * @param url what it is the answer of, after redirects
 * @param headers names in any case
 * @param body as much of the body as was to be taken
 */
public record Response(HttpUrl url, int status, MultiMap headers, Buffer body) {
    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** The header's value, or an empty string. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value.strip();
    }

    /** What {@code Content-Length} says, empty when it says nothing. */
    public OptionalLong contentLength() {
        return number(header("Content-Length"));
    }

    /** A size as it stands in a response; empty when it is none. */
    public static OptionalLong number(String text) {
        try {
            long value = Long.parseLong(text.strip());
            return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
