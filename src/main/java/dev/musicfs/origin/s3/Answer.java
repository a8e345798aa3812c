package dev.musicfs.origin.s3;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a server said.
 *
 * @param body as much of it as the rule for it had kept
 */
record Answer(int status, MultiMap headers, Buffer body) {
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /**
     * How much of a body is taken, so that no answer can fill the memory.
     *
     * @param skip how many bytes to leave out at the beginning
     * @param keep how many bytes after them to keep
     * @param cut whether the connection is closed in the middle of what goes on after them; else it is a failure
     */
    record BodyRule(long skip, int keep, boolean cut) {}

    /** Says, once status and headers are there, how much of the body is taken. Fails the call by throwing. */
    @FunctionalInterface
    interface Taking {
        BodyRule rule(int status, MultiMap headers);
    }
}
