package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ContentBusTest {
    private static final String ADDRESS = "musicfs.test.echo";
    private static final Deadline LONG = Deadline.in(Duration.ofHours(1));

    private final Vertx vertx = TestingVertx.start();
    private final ContentBus bus = new ContentBus();
    private final BlockingQueue<Message<Object>> held = new LinkedBlockingQueue<>();

    @BeforeEach
    void connect() {
        LocalMessages.register(vertx);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Future<Object> ask(Object request) {
        return bus.ask(ADDRESS, request, Object.class, LONG);
    }

    private Message<Object> take() throws InterruptedException {
        Message<Object> message = held.poll(60, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        return message;
    }

    @Test
    void handsObjectsOverByReference() {
        bus.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, message -> message.reply(message.body(), LocalMessages.reply()));
        Object request = new Object();
        assertThat(VfsCalls.get(ask(request))).isSameAs(request);
    }

    @Test
    void failuresKeepTheirKind() throws Exception {
        bus.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, held::add);
        Future<Object> reply = ask("x");
        LocalMessages.fail(take(), new MusicFsException(FailureKind.STALE, "It changed."));
        assertFails(FailureKind.STALE, reply);
    }

    @Test
    @Resilience("2.9")
    void whateverAWaitEndsWithGivesItsPlaceBack() throws Exception {
        bus.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, held::add);
        Future<Integer> wrongType = bus.ask(ADDRESS, "x", Integer.class, LONG);
        take().reply("text", LocalMessages.reply());
        assertThatThrownBy(() -> VfsCalls.get(wrongType)).isInstanceOf(MusicFsException.class);
        Future<Object> right = ask("x");
        assertThat(bus.waiting()).isOne();
        take().reply("text", LocalMessages.reply());
        assertThat(VfsCalls.get(right)).isEqualTo("text");
        assertFails(FailureKind.UNAVAILABLE, bus.ask("musicfs.test.nobody", "x", Object.class, LONG));
        assertThat(bus.waiting()).isZero();
    }

    @Test
    void whatIsAskedBeforeVertxIsThereWaitsForItAndWhoseTimeIsOverIsNotAskedAnyMore() throws Exception {
        vertx.eventBus().localConsumer(ADDRESS, held::add);
        long[] now = {0};
        Future<Object> late = bus.ask(ADDRESS, "late", Object.class, Deadline.in(Duration.ofSeconds(1), () -> now[0]));
        Future<Object> inTime = ask("in time");
        now[0] = Duration.ofSeconds(2).toNanos();
        bus.connect(vertx);
        assertFails(FailureKind.TIMEOUT, late);
        Message<Object> message = take();
        assertThat(message.body()).isEqualTo("in time");
        message.reply("text", LocalMessages.reply());
        assertThat(VfsCalls.get(inTime)).isEqualTo("text");
        assertThat(held).isEmpty();
    }

    @Test
    void timesOutAndDropsTheLateReply() throws Exception {
        bus.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, held::add);
        assertFails(FailureKind.TIMEOUT, bus.ask(ADDRESS, "x", Object.class, Deadline.in(Duration.ofMillis(30))));
        take().reply("too late", LocalMessages.reply());
        assertThat(bus.waiting()).isZero();
    }

    @Test
    @Resilience("2.3")
    void whoWaitsWhenItIsClosedGetsAnErrorAtOnceAndSoDoesWhoComesLater() throws Exception {
        bus.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, held::add);
        Future<Object> waiting = ask("x");
        Message<Object> message = take();
        bus.close();
        assertFails(FailureKind.UNAVAILABLE, waiting);
        assertFails(FailureKind.UNAVAILABLE, ask("y"));
        assertThat(bus.waiting()).isZero();
        message.reply("too late", LocalMessages.reply());
    }

    @Test
    void whoWaitsForVertxWhenItIsClosedGetsAnErrorToo() {
        Future<Object> waiting = ask("x");
        bus.close();
        assertFails(FailureKind.UNAVAILABLE, waiting);
    }

    @Test
    void aVertxThatHasEndedIsAFailureAndNoDefect() throws Exception {
        Vertx other = TestingVertx.start();
        LocalMessages.register(other);
        bus.connect(other);
        other.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> VfsCalls.get(ask("x"))).isInstanceOf(MusicFsException.class);
        assertThat(bus.waiting()).isZero();
    }

    @Test
    void blockingWorkRunsOnNoEventLoop() throws Exception {
        assertThatThrownBy(() -> bus.onWorker(ContentPort.Disk.STORE, () -> {})).hasMessageContaining("starting");
        bus.connect(vertx);
        for (ContentPort.Disk disk : ContentPort.Disk.values()) {
            CompletableFuture<String> thread = new CompletableFuture<>();
            bus.onWorker(disk, () -> thread.complete(Thread.currentThread().getName()));
            assertThat(thread.get(60, TimeUnit.SECONDS)).contains("-reader-");
        }
    }

    private static void assertFails(FailureKind kind, Future<?> reply) {
        assertThatThrownBy(() -> VfsCalls.get(reply))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
