package dev.musicfs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.client.ControlClient;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVerticles;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReopeningControlTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final Promise<Void> stop = Promise.promise();

    /** One that does what a test tells it to. */
    private static final class Told implements ReopeningControl.Endpoint {
        private final List<String> asked = new ArrayList<>();
        private final Deque<Future<Void>> openings = new ArrayDeque<>();
        private Future<Boolean> inPlace = Future.succeededFuture(true);

        @Override
        public Future<Void> open() {
            asked.add("open");
            return openings.isEmpty() ? Future.succeededFuture() : openings.remove();
        }

        @Override
        public Future<Boolean> isInPlace() {
            asked.add("look");
            return inPlace;
        }

        @Override
        public Future<Void> close() {
            asked.add("close");
            return Future.failedFuture("it was closed already");
        }
    }

    private final Told endpoint = new Told();
    private final ReopeningControl kept = new ReopeningControl(endpoint, time, time);

    @Test
    @Resilience("5.3")
    void whatCannotBeOpenedIsTriedAgainForAsLongAsItTakes() {
        for (int i = 0; i < 20; i++) {
            endpoint.openings.add(Future.failedFuture("Too many open files"));
        }
        Future<Void> run = kept.run(stop::future);
        for (int delay : new int[] {1, 5, 30, 30, 30}) {
            assertThat(time.isPendingIn(Duration.ofSeconds(delay))).isTrue();
            time.advance(Duration.ofSeconds(delay));
        }
        time.advance(LONG.multipliedBy(15));
        assertThat(endpoint.openings).isEmpty();
        assertThat(endpoint.asked).hasSize(21).containsOnly("open");
        assertThat(run.isComplete()).isFalse();

        time.advance(ReopeningControl.LOOK);
        assertThat(endpoint.asked).endsWith("open", "look");
    }

    @Test
    @Resilience("2.6")
    void whateverIsThrownTheNextStepIsTaken() {
        ReopeningControl.Endpoint defective = new ReopeningControl.Endpoint() {
            @Override
            public Future<Void> open() {
                endpoint.asked.add("open");
                if (endpoint.asked.size() == 1) {
                    throw new IllegalStateException("a defect");
                }
                return Future.succeededFuture();
            }

            @Override
            public Future<Boolean> isInPlace() {
                endpoint.asked.add("look");
                throw new IllegalStateException("a defect");
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        };
        var unused = new ReopeningControl(defective, time, time).run(stop::future);
        time.advance(Duration.ofSeconds(1));
        time.advance(ReopeningControl.LOOK.multipliedBy(2));
        assertThat(endpoint.asked).containsExactly("open", "open", "look", "look");
    }

    @Test
    @Resilience("2.6")
    void whatSomebodyDeletesIsOpenedAnew() {
        var unused = kept.run(stop::future);
        time.advance(ReopeningControl.LOOK.multipliedBy(2));
        assertThat(endpoint.asked).containsExactly("open", "look", "look");
        endpoint.inPlace = Future.failedFuture("the disk cannot be read");
        time.advance(ReopeningControl.LOOK);
        assertThat(endpoint.asked).containsExactly("open", "look", "look", "look");
        endpoint.inPlace = Future.succeededFuture(false);
        time.advance(ReopeningControl.LOOK);
        assertThat(endpoint.asked).endsWith("look", "close", "open");
    }

    @Test
    void nothingIsDoneOnceItIsToEnd() {
        Promise<Void> opening = Promise.promise();
        endpoint.openings.add(opening.future());
        Future<Void> run = kept.run(stop::future);
        stop.complete();
        assertThat(run.succeeded()).isTrue();
        opening.fail("too late");
        time.advance(LONG.multipliedBy(10));
        assertThat(endpoint.asked).containsExactly("open");
        assertThat(time.pending()).isZero();
    }

    @Test
    @Resilience("5.3")
    void aRealSocketComesOnceThereIsRoomForItAndComesBackWhenItIsDeleted(@TempDir Path directory) throws Exception {
        Path inTheWay = Files.createFile(directory.resolve(".ctl"));
        Vertx vertx = TestingVertx.start(new VertxOptions().setPreferNativeTransport(false));
        try {
            ControlClient client = new ControlClient(directory, LONG);
            ReopeningControl real = new ReopeningControl(
                    new ReopeningControl.Deployments(
                            TestingVerticles.of(vertx),
                            () -> new ControlVerticle(directory, List.of(), ControlLimits.DEFAULTS)),
                    time,
                    time);
            Future<Void> run = real.run(stop::future);
            await(() -> time.isPendingIn(Duration.ofSeconds(1)));
            assertThat(client.daemonRuns()).isFalse();
            Files.delete(inTheWay);
            time.advance(Duration.ofSeconds(1));
            await(() -> time.isPendingIn(ReopeningControl.LOOK));
            assertThat(client.daemonRuns()).isTrue();
            Files.delete(directory.resolve("control.sock"));
            assertThat(client.daemonRuns()).isFalse();
            time.advance(ReopeningControl.LOOK);
            await(() -> time.isPendingIn(ReopeningControl.LOOK));
            assertThat(client.daemonRuns()).isTrue();
            stop.complete();
            assertThat(run.succeeded()).isTrue();
            assertThat(client.daemonRuns()).as("what is open stays so").isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        assertThat(directory).isEmptyDirectory();
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofMillis(20), Deadline.in(Duration.ofSeconds(60))))
                .isTrue();
    }
}
