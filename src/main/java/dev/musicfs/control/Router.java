package dev.musicfs.control;

import dev.musicfs.control.api.ApiError;
import dev.musicfs.control.api.ApiRequest;
import dev.musicfs.control.api.Route;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request and answers it. On one event loop. */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final List<Route> routes;
    private final ControlLimits limits;
    private boolean working;

    Router(Vertx vertx, List<Route> routes, ControlLimits limits) {
        this.vertx = vertx;
        this.routes = List.copyOf(routes);
        this.limits = limits;
    }

    void handle(HttpServerRequest request) {
        List<Route> there = routes.stream()
                .filter(each -> each.path().equals(request.path()))
                .toList();
        List<Route> fitting = there.stream()
                .filter(each -> each.method().equals(request.method()))
                .toList();
        if (there.isEmpty()) {
            refuse(request, ApiError.request(404, "the API has no " + request.path()));
        } else if (fitting.isEmpty()) {
            String allowed = there.stream().map(each -> each.method().name()).collect(Collectors.joining(", "));
            request.response().putHeader(HttpHeaders.ALLOW, allowed);
            refuse(request, ApiError.request(405, request.path() + " takes " + allowed + " only"));
        } else {
            bodyOf(request)
                    .timeout(limits.answer().toMillis(), TimeUnit.MILLISECONDS)
                    .onSuccess(body -> read(request, fitting.get(0), body))
                    .onFailure(failure -> {
                        if (failure instanceof TooLarge) {
                            refuse(
                                    request,
                                    ApiError.request(413, "the body is larger than " + limits.bodyBytes() + " bytes"));
                        } else {
                            refuse(request, ApiError.request(408, "the request did not arrive in time"));
                        }
                    });
        }
    }

    /** What Vert.x could not make a request of. */
    void handleInvalid(HttpServerRequest request) {
        refuse(request, ApiError.request(400, "this is no good HTTP request"));
    }

    private void read(HttpServerRequest request, Route route, Buffer body) {
        JsonObject json;
        try {
            json = body.length() == 0 ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException e) {
            answer(request, ApiError.request(400, "the body is not a JSON object"));
            return;
        }
        ApiRequest said = new ApiRequest(request.params(), json);
        if (route instanceof Route.Quick quick) {
            started(() -> quick.handler().apply(said))
                    .timeout(limits.answer().toMillis(), TimeUnit.MILLISECONDS)
                    .onSuccess(result -> answer(request, 200, result))
                    .onFailure(failure -> fail(request, failure));
        } else if (route instanceof Route.Work work) {
            run(request, work, said);
        }
    }

    private void run(HttpServerRequest request, Route.Work work, ApiRequest said) {
        if (working) {
            answer(request, ApiError.busy());
            return;
        }
        working = true;
        WorkAnswer lines = new WorkAnswer(vertx, request.response(), limits.heartbeat());
        started(() -> work.job().run(said, lines::cancelled, lines))
                .onComplete(done -> {
                    working = false;
                    lines.stop();
                })
                .onSuccess(lines::result)
                .onFailure(failure -> {
                    if (request.response().headWritten()) {
                        lines.error(logged(request, failure));
                    } else {
                        fail(request, failure);
                    }
                });
    }

    private static Future<JsonObject> started(Supplier<Future<JsonObject>> start) {
        try {
            return start.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void fail(HttpServerRequest request, Throwable failure) {
        answer(request, logged(request, failure));
    }

    private static ApiError logged(HttpServerRequest request, Throwable failure) {
        if (MusicFsException.kindOf(failure) == FailureKind.INTERNAL) {
            LOG.error("{} {} failed.", request.method(), request.path(), failure);
        }
        return ApiError.of(failure);
    }

    @Dropped("a client that went before its answer came")
    private static void answer(HttpServerRequest request, ApiError error) {
        answer(request, error.status(), error.toJson());
    }

    @Dropped("a client that went before its answer came")
    private static void answer(HttpServerRequest request, int status, JsonObject json) {
        var unused = written(request, status, json);
    }

    private static Future<Void> written(HttpServerRequest request, int status, JsonObject json) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return Future.succeededFuture();
        }
        return response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(json.toBuffer().appendString("\n"));
    }

    // What is left of the request is of no interest, so the connection cannot be used again.
    @Dropped("a client that went before its answer came")
    private static void refuse(HttpServerRequest request, ApiError error) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        written(request, error.status(), error.toJson()).eventually(request.connection()::close);
    }

    private Future<Buffer> bodyOf(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > limits.bodyBytes()) {
                whole.tryFail(new TooLarge());
            } else {
                body.appendBuffer(part);
            }
        });
        request.endHandler(end -> whole.tryComplete(body));
        request.exceptionHandler(whole::tryFail);
        return whole.future();
    }

    private static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the body is too large", null, false, false);
        }
    }
}
