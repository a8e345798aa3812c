package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.failure;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static dev.musicfs.origin.guard.TestingGuard.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.testkit.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An origin that is asked through its verticle. */
class OriginVerticleTest {
    private static final ByteRange ALL = new ByteRange(0, 100);

    private final Vertx vertx = TestingVertx.start();
    private final MemoryOrigin memory = new MemoryOrigin("nas");
    private final FaultyOrigin faulty = new FaultyOrigin(memory, Timers.of(vertx));
    private final FileVersion version = memory.put("a.flac", new byte[] {1, 2, 3});
    private final RealPath path = new RealPath("a.flac");
    private final OriginVerticle verticle = new OriginVerticle(faulty, options(1), GuardServices.of(vertx));
    private final Origin origin = verticle.origin();

    @BeforeEach
    void register() {
        LocalMessages.register(vertx);
    }

    @AfterEach
    void close() {
        get(vertx.close());
    }

    @Test
    void everyRequestReachesTheBackendAndItsAnswerTheAsker() {
        get(vertx.deployVerticle(verticle));
        assertThat(get(origin.list(RealPath.ROOT))).hasSize(1);
        assertThat(get(origin.stat(path, Deadlines.generous())).version()).isEqualTo(version);
        Buffer bytes = get(origin.read(path, version, ALL, Deadlines.generous()));
        assertThat(bytes.getBytes()).containsExactly(1, 2, 3);
        get(origin.probe(Deadlines.generous()));
        assertThat(faulty.calls(FaultyOrigin.Method.START)).isEqualTo(1);
        get(vertx.undeploy(verticle.deploymentID()));
        assertThat(faulty.calls(FaultyOrigin.Method.STOP)).isEqualTo(1);
    }

    @Test
    void failuresKeepTheirKind() {
        get(vertx.deployVerticle(verticle));
        MusicFsException failure = failure(origin.stat(new RealPath("b.flac"), Deadlines.generous()));
        assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(failure.getMessage()).contains("b.flac");
        assertThat(kind(origin.read(path, new FileVersion(3, 99, ""), ALL, Deadlines.generous())))
                .isEqualTo(FailureKind.STALE);
    }

    @Test
    void theDeadlineHoldsWhenNothingIsAnswered() {
        get(vertx.deployVerticle(verticle));
        faulty.mode(new OriginMode.Held());
        Future<Buffer> reading = origin.read(path, version, ALL, Deadline.in(Duration.ofMillis(50)));
        assertThat(kind(reading)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(kind(origin.read(path, version, ALL, Deadline.in(Duration.ZERO))))
                .isEqualTo(FailureKind.TIMEOUT);
    }

    @Test
    void anOriginNobodyRunsIsUnavailable() {
        assertThat(kind(origin.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void eventsArePublishedWhereOthersListen() throws Exception {
        CompletableFuture<Object> heard = new CompletableFuture<>();
        vertx.eventBus().localConsumer(EventAddresses.BREAKER, message -> heard.complete(message.body()));
        get(vertx.deployVerticle(verticle));
        faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
        kind(origin.stat(path, Deadlines.generous()));
        assertThat(heard.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        BreakerChanged.class, event -> assertThat(event.state()).isEqualTo("OPEN"));
    }
}
