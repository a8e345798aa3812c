package dev.musicfs.origin.wire;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What a server answered, whatever its status.
 *
 * @param status the status code
 * @param headers names in any case
 * @param body as much of the body as was to be taken
 */
public record Answer(int status, MultiMap headers, Buffer body) {
    /** The header's value, or an empty string. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value.strip();
    }
}
