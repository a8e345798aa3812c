package dev.musicfs.origin.http;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that begin an answer and do not end it, and connections that die. */
class TricklingServerTest {
    private static final int CONCURRENCY = 2;
    private static final FileVersion VERSION = new FileVersion(1000, 0, "\"v1\"");
    private static final ByteRange RANGE = new ByteRange(0, 100);

    private final Vertx vertx = TestingVertx.start();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    @Resilience("3.8")
    void tricklingBodyIsCutAtTheDeadlineAndThePoolStaysHealthy() {
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
        Origin origin = origin(server.actualPort());

        for (int i = 0; i < 3 * CONCURRENCY; i++) {
            Future<Buffer> slow =
                    origin.read(new RealPath("slow"), VERSION, RANGE, Deadline.in(Duration.ofMillis(100)));
            assertThat(kindOf(slow)).isEqualTo(FailureKind.TIMEOUT);
            assertThat(await(origin.read(new RealPath("fast"), VERSION, RANGE, Deadlines.generous()))
                            .length())
                    .isEqualTo(100);
        }
        await(origin.stop());
    }

    private void answer(HttpServerRequest request) {
        request.response()
                .setStatusCode(206)
                .putHeader("ETag", "\"v1\"")
                .putHeader("Content-Range", "bytes 0-99/1000")
                .putHeader("Content-Length", "100");
        if (request.path().endsWith("slow")) {
            request.response().write(Buffer.buffer("x"));
            vertx.setPeriodic(20, timer -> {
                if (request.response().closed()) {
                    vertx.cancelTimer(timer);
                } else {
                    request.response().write(Buffer.buffer("x"));
                }
            });
        } else {
            request.response().end(Buffer.buffer(new byte[100]));
        }
    }

    @Test
    void serverThatAcceptsAndSaysNothingIsATimeoutAndOneThatRefusesIsUnavailable() {
        NetServer silent =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        Origin origin = origin(silent.actualPort());
        Deadline soon = Deadline.in(Duration.ofMillis(100));
        assertThat(kindOf(origin.probe(soon))).isEqualTo(FailureKind.TIMEOUT);
        assertThat(kindOf(origin.probe(soon))).as("over before it began").isEqualTo(FailureKind.TIMEOUT);

        int port = silent.actualPort();
        await(silent.close());
        Origin refused = origin(port);
        assertThat(kindOf(refused.probe(Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
        await(refused.stop());
        await(origin.stop());
    }

    @Test
    void bodyThatEndsBeforeItsContentLengthIsABrokenConnection() {
        NetServer server = await(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> socket.end(Buffer.buffer(
                        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-99/1000\r\nETag: \"v1\"\r\n"
                                + "Content-Length: 100\r\n\r\n0123456789"))))
                .listen(0, "127.0.0.1"));
        Origin origin = origin(server.actualPort());

        assertThat(kindOf(origin.read(new RealPath("a"), VERSION, RANGE, Deadlines.generous())))
                .isEqualTo(FailureKind.UNAVAILABLE);
        await(origin.stop());
    }

    @Test
    @Resilience("3.2")
    void connectionThatDiedInThePoolIsReplacedWithoutAnybodyNoticing() {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    // Every second request finds its connection dead.
                    if (requests.incrementAndGet() % 2 == 0) {
                        request.connection().close();
                    } else {
                        answer(request);
                    }
                })
                .listen(0, "127.0.0.1"));
        Origin origin = origin(server.actualPort());

        for (int i = 0; i < 10; i++) {
            assertThat(await(origin.read(new RealPath("fast"), VERSION, RANGE, Deadlines.generous()))
                            .length())
                    .isEqualTo(100);
        }
        assertThat(requests.get()).isEqualTo(19);
        await(origin.stop());
    }

    private Origin origin(int port) {
        Origin origin = TestingHttpOrigin.of(
                vertx,
                "http://127.0.0.1:" + port + "/",
                Map.of("listing", "webdav"),
                Duration.ofSeconds(20),
                CONCURRENCY);
        await(origin.start());
        return origin;
    }

    private static FailureKind kindOf(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            throw new AssertionError("did not fail");
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(MusicFsException.class);
            return MusicFsException.kindOf(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
