package dev.musicfs.control;

import dev.musicfs.control.api.ApiError;
import dev.musicfs.control.api.Progress;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** The answer to long work: a line {@code {"progress":...}} now and then, and {@code {"result":...}} as the last. */
@Attended(timers = "the heartbeat of one answer")
final class WorkAnswer implements Progress {
    static final String LINES = "application/x-ndjson";

    private record Step(long done, long of) {}

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long timer;
    private volatile Step step = new Step(0, 0);
    private volatile boolean cancelled;

    WorkAnswer(Vertx vertx, HttpServerResponse response, Duration heartbeat) {
        this.vertx = vertx;
        this.response = response;
        response.closeHandler(gone -> cancelled = true);
        timer = vertx.setPeriodic(heartbeat.toMillis(), tick -> beat());
    }

    @Override
    public void reached(long done, long of) {
        step = new Step(done, of);
    }

    /** Whether nobody waits for the result any more. */
    boolean cancelled() {
        return cancelled;
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    void result(JsonObject result) {
        end(new JsonObject().put("result", result));
    }

    void error(ApiError error) {
        end(error.toJson());
    }

    // Said also when nothing has changed: it keeps the connection from looking idle.
    @Dropped("a client that went before its answer came")
    private void beat() {
        if (!response.closed() && !response.writeQueueFull()) {
            begin();
            Step now = step;
            JsonObject progress = new JsonObject().put("done", now.done()).put("of", now.of());
            var unused = response.write(
                    new JsonObject().put("progress", progress).toBuffer().appendString("\n"));
        }
    }

    @Dropped("a client that went before its answer came")
    private void end(JsonObject last) {
        if (!response.closed()) {
            begin();
            response.end(last.toBuffer().appendString("\n"));
        }
    }

    private void begin() {
        if (!response.headWritten()) {
            response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, LINES);
        }
    }
}
