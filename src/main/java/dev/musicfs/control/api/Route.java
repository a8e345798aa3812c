package dev.musicfs.control.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** One thing the API can do. Handlers run on the event loop and may throw {@code INVALID} for bad parameters. */
public sealed interface Route {
    /** HTTP's method. */
    HttpMethod method();

    /** The whole path, such as {@code /v1/cache}. */
    String path();

    /**
     * Answers with one JSON object, soon.
     *
     * @param handler makes the answer
     */
    record Quick(HttpMethod method, String path, Function<ApiRequest, Future<JsonObject>> handler) implements Route {}

    /**
     * Answers with JSON lines that say how far it is, and the result as the last. One at a time in the whole API;
     * cancelled when its client goes away.
     *
     * @param job does the work
     */
    record Work(HttpMethod method, String path, Job job) implements Route {}

    /** Long work. */
    @FunctionalInterface
    interface Job {
        /** Starts it. */
        Future<JsonObject> run(ApiRequest request, BooleanSupplier cancelled, Progress progress);
    }
}
