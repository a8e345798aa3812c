package dev.musicfs.origin.wire;

import io.vertx.core.Future;
import java.util.Map;

/** What shows a server who asks. */
@FunctionalInterface
public interface Authorization {
    /**
     * Headers for one sending of a request, to the place it is sent to. Answers on any thread; fails with
     * {@code REJECTED} when a secret cannot be had.
     */
    Future<Map<String, String>> headers(Request request);

    /** Whether a response is a question that {@link #headers} would answer now: then the request is sent once more. */
    default boolean challenged(Request request, Response response) {
        return false;
    }
}
