package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UncaughtFailuresTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(UncaughtFailures.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Vertx vertx = TestingVertx.start();
    private final UncaughtFailures failures = UncaughtFailures.install();

    @BeforeEach
    void listen() {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        LOGGER.addAppender(log);
        failures.watch(vertx);
    }

    @AfterEach
    void close() throws Exception {
        failures.close();
        LOGGER.detachAppender(log);
        await(vertx.close());
    }

    @Test
    @Resilience("2.2")
    void countsAndLogsWhatAThreadThrows() throws Exception {
        Thread thread = new Thread(() -> fail("in a thread"), "doomed");
        thread.start();
        thread.join();
        awaitReport("in a thread", "doomed");
    }

    @Test
    @Resilience("2.2")
    void countsAndLogsWhatAnEventLoopThrowsAndTheLoopGoesOn() throws Exception {
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(v -> fail("on a loop"));
        awaitReport("on a loop", "vert.x-eventloop-thread");
        goesOn(loop);
    }

    @Test
    @Resilience("2.2")
    void countsAndLogsWhatATimerOfAWorkerThrowsAndTheTimerGoesOn() throws Exception {
        CompletableFuture<Context> worker = new CompletableFuture<>();
        CountDownLatch rounds = new CountDownLatch(3);
        await(vertx.deployVerticle(
                new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        worker.complete(context);
                        vertx.setPeriodic(1, id -> {
                            rounds.countDown();
                            if (rounds.getCount() == 2) {
                                fail("on a worker");
                            }
                        });
                        return Future.succeededFuture();
                    }
                },
                new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
        awaitReport("on a worker", "vert.x-worker-thread");
        assertThat(rounds.await(30, TimeUnit.SECONDS)).isTrue();
        goesOn(worker.get(30, TimeUnit.SECONDS));
    }

    @Test
    @Resilience("2.2")
    void countsAndLogsWhatAConsumerThrowsAndTheConsumerGoesOn() throws Exception {
        CompletableFuture<String> second = new CompletableFuture<>();
        vertx.eventBus().<String>consumer("here", message -> {
            if (message.body().equals("first")) {
                fail("in a consumer");
            }
            second.complete(message.body());
        });
        vertx.eventBus().send("here", "first");
        vertx.eventBus().send("here", "second");
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("second");
        awaitReport("in a consumer", "vert.x-eventloop-thread");
    }

    @Test
    void aFailedFutureIsNotUncaught() throws Exception {
        Future<Void> blocking = vertx.executeBlocking(() -> {
            fail("in a future");
            return null;
        });
        assertThat(Polling.until(blocking::isComplete, Duration.ofMillis(1), Deadlines.generous()))
                .isTrue();
        assertThat(blocking.cause()).hasMessage("in a future");
        goesOn(vertx.getOrCreateContext());
        assertThat(failures.count()).isZero();
        assertThat(log.list).isEmpty();
    }

    @Test
    @Resilience("2.2")
    void logsTheSamePlaceTenTimesAndCountsTheRest() {
        for (int i = 0; i < 25; i++) {
            failures.report(new IllegalStateException("number " + i));
        }
        assertThat(failures.count()).isEqualTo(25);
        assertThat(log.list).hasSize(UncaughtFailures.LOGGED_PER_PLACE);
        assertThat(log.list.get(9).getFormattedMessage()).contains("only counted");
        failures.report(new IllegalStateException("elsewhere"));
        failures.report(new IllegalArgumentException("of another class"));
        assertThat(log.list).hasSize(UncaughtFailures.LOGGED_PER_PLACE + 2);
    }

    @Test
    void remembersOnlySoManyPlaces() {
        LOGGER.setLevel(Level.OFF);
        try {
            for (int line = 0; line < 2 * UncaughtFailures.REMEMBERED_PLACES; line++) {
                IllegalStateException failure = new IllegalStateException("somewhere");
                failure.setStackTrace(new StackTraceElement[] {new StackTraceElement("A", "a", "A.java", line)});
                failures.report(failure);
            }
        } finally {
            LOGGER.setLevel(null);
        }
        assertThat(failures.rememberedPlaces()).isEqualTo(UncaughtFailures.REMEMBERED_PLACES);
        assertThat(failures.count()).isEqualTo(2L * UncaughtFailures.REMEMBERED_PLACES);
    }

    @Test
    @Resilience("2.2")
    void throwsNothingWhenMemoryIsOutWhileItLogs() {
        AppenderBase<ILoggingEvent> full = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new OutOfMemoryError("no room to log");
            }
        };
        full.start();
        LOGGER.addAppender(full);
        try {
            failures.report(new IllegalStateException("while memory is out"));
        } finally {
            LOGGER.detachAppender(full);
        }
        assertThat(failures.count()).isEqualTo(1);
    }

    @Test
    void logsTheClassOfAFailureThatCannotBeLogged() {
        failures.report(new Unspeakable());
        assertThat(failures.count()).isEqualTo(1);
        assertThat(log.list).last().satisfies(event -> assertThat(event.getFormattedMessage())
                .contains(Unspeakable.class.getName()));
    }

    @Test
    void theHandlerBeforeItComesBack() {
        Thread.UncaughtExceptionHandler ours = Thread.getDefaultUncaughtExceptionHandler();
        try (UncaughtFailures inner = UncaughtFailures.install()) {
            assertThat(inner.count()).isZero();
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNotSameAs(ours);
        }
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(ours);
    }

    private void awaitReport(String message, String thread) {
        assertThat(Polling.until(() -> !log.list.isEmpty(), Duration.ofMillis(1), Deadlines.generous()))
                .as("a report of " + message)
                .isTrue();
        assertThat(failures.count()).isEqualTo(1);
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).contains("in thread " + thread);
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo(message);
            assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                    .isNotEmpty();
        });
    }

    private static void goesOn(Context context) throws Exception {
        CompletableFuture<Void> turned = new CompletableFuture<>();
        context.runOnContext(v -> turned.complete(null));
        turned.get(30, TimeUnit.SECONDS);
    }

    private static void fail(String message) {
        throw new IllegalStateException(message);
    }

    private static void await(Future<?> future) throws Exception {
        var unused = future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even that");
        }
    }
}
