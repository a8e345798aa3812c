package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static dev.musicfs.origin.guard.TestingGuard.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.TestingGuard.Place;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When an origin that is away is asked whether it is back, and what is asked of it meanwhile. */
class AwayOriginTest {
    private static final byte[] BYTES = new byte[100_000];
    private static final OriginMode HEALTHY = new OriginMode.Healthy();
    private static final OriginMode HELD = new OriginMode.Held();
    private static final OriginMode AWAY = new OriginMode.ReturnError(FailureKind.UNAVAILABLE);

    private final Vertx vertx = TestingVertx.start();
    private final TestingGuard testing = new TestingGuard(vertx);
    private final Place nas = testing.place("nas");
    private final Copy copy = nas.put(BYTES);

    @AfterEach
    void close() {
        get(vertx.close());
    }

    @Test
    void itIsProbedMoreAndMoreSeldomUpToABound() {
        open();
        assertThat(probedAt(400)).containsExactly(5, 15, 35, 75, 150, 225, 300, 375);
    }

    @Test
    void whenItWentAwayAgainItIsProbedSoonAgain() {
        open();
        testing.time.advance(Duration.ofMinutes(10));
        back();
        get(read(10));
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
        assertThat(nas.guard.snapshot().why()).isEmpty();
        open();
        assertThat(nas.guard.snapshot().why()).contains("UNAVAILABLE");
        assertThat(probedAt(20)).containsExactly(5, 15);
    }

    @Test
    void afterEachTrialThatFailedTheNextIsLaterUpToABound() {
        open();
        for (long seconds : new long[] {5, 10, 20, 40, 75, 75}) {
            back();
            assertThat(state()).isEqualTo(BreakerState.HALF_OPEN);
            nas.faulty.mode(AWAY, call -> call.method() == FaultyOrigin.Method.READ);
            assertThat(kind(read(10))).isEqualTo(FailureKind.UNAVAILABLE);
            Duration wait = Duration.ofSeconds(seconds);
            testing.time.advance(wait.minusNanos(1));
            get(nas.guard.probe(testing.patience()));
            assertThat(state()).as("before " + wait).isEqualTo(BreakerState.OPEN);
            testing.time.advance(Duration.ofNanos(1));
        }
        back();
        get(read(10));
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void whatHasTooLittleTimeIsNotMadeTheTrial() {
        open();
        back();
        int reads = nas.reads();
        Future<Buffer> hasty = nas.guard.read(
                copy.path(), copy.version(), new ByteRange(0, 10), testing.time.in(Duration.ofMillis(999)));
        assertThat(kind(hasty)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(nas.reads()).isEqualTo(reads);
        assertThat(nas.guard.stats().underWay()).isZero();
        get(nas.guard.read(copy.path(), copy.version(), new ByteRange(0, 10), testing.time.in(Duration.ofSeconds(1))));
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aDirectoryThatIsNotThereIsAnAnswerAndOneThatCannotBeAskedForIsNot() {
        open();
        back();
        assertThat(kind(nas.guard.list(new RealPath("none")))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(state()).isEqualTo(BreakerState.CLOSED);

        open();
        back();
        nas.faulty.mode(AWAY);
        int listings = nas.faulty.calls(FaultyOrigin.Method.LIST);
        assertThat(kind(nas.guard.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(state()).isEqualTo(BreakerState.OPEN);
        assertThat(nas.faulty.calls(FaultyOrigin.Method.LIST)).isEqualTo(listings);
    }

    @Test
    void aStoppedOneIsNotProbedAndNotAsked() {
        open();
        get(nas.guard.stop());
        assertThat(testing.time.pending()).isZero();
        assertThat(kind(nas.guard.probe(testing.patience()).compose(v -> read(10))))
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(probedAt(300)).isEmpty();
    }

    @Test
    void probesAtTheSameTimeAreOneAndEndWithTheOriginsTimeout() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<Void> one = nas.guard.probe(testing.patience());
        Future<Void> other = nas.guard.probe(testing.time.in(Duration.ofSeconds(3)));
        assertThat(nas.probes()).isEqualTo(1);
        testing.time.advance(Duration.ofSeconds(3));
        assertThat(kind(other)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(one.isComplete()).isFalse();
        testing.time.advance(Duration.ofSeconds(7));
        assertThat(kind(one)).isEqualTo(FailureKind.TIMEOUT);
        nas.faulty.takeHeld().release();
    }

    @Test
    void aRefusalIsAReasonToLookAtTheOriginButNotTooOften() {
        AtomicInteger suspicions = new AtomicInteger();
        nas.guard.onSuspicion(suspicions::incrementAndGet);
        nas.faulty.mode(new OriginMode.AuthRejected());
        kind(read(10));
        kind(read(10));
        assertThat(suspicions).hasValue(1);
        testing.time.advance(Duration.ofSeconds(5).minusNanos(1));
        kind(read(10));
        assertThat(suspicions).hasValue(1);
        testing.time.advance(Duration.ofNanos(1));
        kind(read(10));
        assertThat(suspicions).hasValue(2);
        nas.faulty.mode(AWAY);
        testing.time.advance(Duration.ofSeconds(5));
        kind(read(10));
        assertThat(suspicions).hasValue(2);
    }

    @Test
    void howLongALargeReadTakesSaysNothingOfTheOrigin() throws InterruptedException {
        nas.faulty.mode(HELD);
        for (int bytes : new int[] {64 * 1024 + 1, 64 * 1024}) {
            assertThat(nas.guard.snapshot().latency()).isZero();
            Future<Buffer> reading = read(bytes);
            testing.time.advance(Duration.ofMillis(300));
            nas.faulty.takeHeld().release();
            get(reading);
        }
        assertThat(nas.guard.snapshot().latency()).isEqualTo(Duration.ofMillis(300));
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void onlyAnOriginThatMayComeBackIsTakenForAwayAtTheStart(FailureKind kind) {
        TestingStart backend = new TestingStart();
        backend.kind = kind;
        GuardedOrigin guard = new GuardedOrigin(backend, options(3), testing.services);
        boolean away =
                switch (kind) {
                    case UNAVAILABLE, TIMEOUT, REJECTED, NOT_FOUND, STALE, CORRUPT -> true;
                    case READ_ONLY, NO_SPACE, INVALID, INTERNAL -> false;
                };
        Future<Void> start = guard.start();
        assertThat(start.succeeded()).isEqualTo(away);
        assertThat(guard.snapshot().usable()).isFalse();
        get(guard.stop());
    }

    private void open() {
        nas.faulty.mode(AWAY);
        for (int i = 0; i < 3; i++) {
            assertThat(kind(read(10))).isEqualTo(FailureKind.UNAVAILABLE);
        }
        assertThat(state()).isEqualTo(BreakerState.OPEN);
    }

    private void back() {
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
    }

    /** The seconds from now at which it is probed. */
    private List<Integer> probedAt(int seconds) {
        List<Integer> times = new ArrayList<>();
        int probes = nas.probes();
        for (int second = 1; second <= seconds; second++) {
            testing.time.advance(Duration.ofSeconds(1));
            if (nas.probes() > probes) {
                probes = nas.probes();
                times.add(second);
            }
        }
        return times;
    }

    private BreakerState state() {
        return nas.guard.snapshot().breaker();
    }

    private Future<Buffer> read(int bytes) {
        return nas.guard.read(copy.path(), copy.version(), new ByteRange(0, bytes), testing.patience());
    }
}
