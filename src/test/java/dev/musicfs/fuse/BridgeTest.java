package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BridgeTest {
    private static final String ADDRESS = "musicfs.test.echo";

    private final Vertx vertx = TestingVertx.start();
    private final Bridge bridge = new Bridge();

    @BeforeEach
    void connect() {
        LocalMessages.register(vertx);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void handsObjectsOverByReference() {
        bridge.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, message -> message.reply(message.body(), LocalMessages.reply()));
        Object request = new Object();
        assertThat(bridge.await(ADDRESS, request, Object.class, inSeconds(10))).isSameAs(request);
    }

    @Test
    void failuresKeepTheirKind() {
        bridge.connect(vertx);
        vertx.eventBus()
                .localConsumer(
                        ADDRESS,
                        message -> LocalMessages.fail(message, new MusicFsException(FailureKind.STALE, "It changed.")));
        assertThatThrownBy(() -> bridge.await(ADDRESS, "x", Object.class, inSeconds(10)))
                .hasMessage("It changed.");
        assertKind(FailureKind.STALE, inSeconds(10));
    }

    @Test
    @Resilience("2.9")
    void whateverAWaitEndsWithGivesItsPlaceBack() throws Exception {
        bridge.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, message -> message.reply("text", LocalMessages.reply()));
        assertThatThrownBy(() -> bridge.await(ADDRESS, "x", Integer.class, inSeconds(10)))
                .isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> bridge.await(null, "x", String.class, inSeconds(10)))
                .isInstanceOf(RuntimeException.class);
        assertThat(bridge.waiting()).isZero();
        String reply = CompletableFuture.supplyAsync(() -> bridge.await(ADDRESS, "x", String.class, inSeconds(10)))
                .get(20, TimeUnit.SECONDS);
        assertThat(reply).isEqualTo("text");
    }

    @Test
    void waitsForAVertxThatStartsLater() {
        vertx.eventBus().localConsumer(ADDRESS, message -> message.reply("late", LocalMessages.reply()));
        assertKind(FailureKind.TIMEOUT, Deadline.in(Duration.ofMillis(20)));
        vertx.setTimer(20, ignored -> bridge.connect(vertx));
        assertThat(bridge.await(ADDRESS, "x", String.class, inSeconds(10))).isEqualTo("late");
    }

    @Test
    void timesOutAndDropsTheLateReply() throws Exception {
        bridge.connect(vertx);
        CompletableFuture<Message<Object>> held = new CompletableFuture<>();
        vertx.eventBus().localConsumer(ADDRESS, held::complete);
        assertKind(FailureKind.TIMEOUT, Deadline.in(Duration.ofMillis(30)));
        held.get(60, TimeUnit.SECONDS).reply("too late", LocalMessages.reply());
        assertKind(FailureKind.TIMEOUT, Deadline.in(Duration.ofMillis(30)));
    }

    @Test
    @Resilience("2.3")
    void whoWaitsWhenItIsClosedGetsAnErrorAtOnceAndSoDoesWhoComesLater() throws Exception {
        CompletableFuture<Message<Object>> held = new CompletableFuture<>();
        bridge.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, held::complete);
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(
                () -> bridge.await(ADDRESS, "x", String.class, Deadline.in(Duration.ofHours(1))));
        held.get(60, TimeUnit.SECONDS);
        assertThat(bridge.waiting()).isEqualTo(1);
        bridge.close();
        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasMessageContaining("shutting down");
        assertKind(FailureKind.UNAVAILABLE, Deadline.in(Duration.ofHours(1)));
        assertThat(bridge.waiting()).isZero();
    }

    @Test
    void isUnavailableWhenNobodyAnswers() {
        bridge.connect(vertx);
        assertKind(FailureKind.UNAVAILABLE, inSeconds(10));
    }

    @Test
    void refusesToWaitOnVertxThreads() throws Exception {
        bridge.connect(vertx);
        CompletableFuture<Throwable> onEventLoop = new CompletableFuture<>();
        vertx.runOnContext(ignored -> onEventLoop.complete(failureOfAwait()));
        assertThat(MusicFsException.kindOf(onEventLoop.get(60, TimeUnit.SECONDS)))
                .isEqualTo(FailureKind.INTERNAL);
        Throwable onWorker = vertx.executeBlocking(this::failureOfAwait)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertThat(onWorker).hasMessageContaining("A Vert.x thread was about to wait");
    }

    private Throwable failureOfAwait() {
        try {
            bridge.await(ADDRESS, "x", Object.class, inSeconds(1));
            return new AssertionError("it waited");
        } catch (MusicFsException e) {
            return e;
        }
    }

    private void assertKind(FailureKind kind, Deadline deadline) {
        assertThatThrownBy(() -> bridge.await(ADDRESS, "x", Object.class, deadline))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static Deadline inSeconds(int seconds) {
        return Deadline.in(Duration.ofSeconds(seconds));
    }
}
