package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.PATH;
import static dev.musicfs.origin.guard.TestingGuard.eventually;
import static dev.musicfs.origin.guard.TestingGuard.failure;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static dev.musicfs.origin.guard.TestingGuard.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.TestingGuard.Place;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.FaultyOrigin.HeldCall;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One origin behind its guard. */
class GuardedOriginTest {
    private static final byte[] BYTES = "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final OriginMode HEALTHY = new OriginMode.Healthy();
    private static final OriginMode HELD = new OriginMode.Held();

    private final Vertx vertx = TestingVertx.start();
    private final TestingGuard testing = new TestingGuard(vertx);
    private final Place nas = testing.place("nas");
    private final Copy copy = nas.put(BYTES);

    @AfterEach
    void close() {
        get(vertx.close());
    }

    @Test
    void threeFailuresInARowOpenTheBreakerAndThenNothingIsAsked() {
        failThreeReads(FailureKind.UNAVAILABLE);
        assertThat(state()).isEqualTo(BreakerState.OPEN);
        testing.time.advance(Duration.ofSeconds(2));
        assertThat(failure(read()).getMessage()).contains("nas").contains("2 s").contains("UNAVAILABLE");
        assertThat(kind(read())).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(nas.guard.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(nas.guard.stat(copy.path(), testing.patience()))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(nas.reads()).isEqualTo(3);
        assertThat(nas.guard.stats().refused()).isEqualTo(4);
        assertThat(testing.events(BreakerChanged.class)).hasSize(1);
    }

    @Test
    void aSuccessBetweenFailuresKeepsTheBreakerClosed() {
        for (int i = 0; i < 5; i++) {
            nas.faulty.mode(new OriginMode.ReturnError(FailureKind.TIMEOUT));
            kind(read());
            kind(read());
            nas.faulty.mode(HEALTHY);
            get(read());
        }
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    @Resilience("B.4")
    void whoWaitsForATurnIsToldAtOnceWhenTheOriginIsFoundToBeAway() {
        nas.faulty.mode(HELD);
        List<Future<Buffer>> reading = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            reading.add(read());
        }
        eventually(() -> nas.guard.stats().waiting() == 6);

        nas.guard.healthy(false, "it is gone");

        for (Future<Buffer> waiting : reading.subList(4, 10)) {
            assertThat(kind(waiting)).isEqualTo(FailureKind.UNAVAILABLE);
        }
        assertThat(nas.guard.stats().waiting()).isZero();
        assertThat(nas.reads()).isEqualTo(4);
    }

    @Test
    void theBackendIsGivenNoMoreTimeThanOneRequestMayTake() {
        List<Duration> given = new ArrayList<>();
        Origin backend = (Origin) Proxy.newProxyInstance(
                Origin.class.getClassLoader(), new Class<?>[] {Origin.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        given.add(((Deadline) arguments[3]).remaining());
                    }
                    return method.invoke(nas.memory, arguments);
                });
        GuardedOrigin guard = new GuardedOrigin(backend, options(3), testing.services);
        get(guard.start());

        get(guard.read(copy.path(), copy.version(), new ByteRange(0, 10), testing.time.in(Duration.ofSeconds(30))));
        get(guard.read(copy.path(), copy.version(), new ByteRange(0, 10), testing.time.in(Duration.ofSeconds(3))));

        assertThat(given).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(3));
    }

    @Test
    void aLocalDiskIsAwayAfterOneFailure() {
        Place disk = testing.new Place("disk", options(1));
        disk.faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
        kind(disk.guard.stat(new RealPath("x"), testing.patience()));
        assertThat(disk.guard.snapshot().breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void whatIsNotThereOrAnotherVersionNeverOpensTheBreaker() {
        for (FailureKind kind : List.of(FailureKind.NOT_FOUND, FailureKind.STALE, FailureKind.CORRUPT)) {
            nas.faulty.mode(new OriginMode.ReturnError(kind));
            for (int i = 0; i < 100; i++) {
                assertThat(kind(read())).isEqualTo(kind);
            }
        }
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
        assertThat(nas.guard.stats().failures())
                .containsEntry(FailureKind.NOT_FOUND, 100L)
                .containsEntry(FailureKind.STALE, 100L);
    }

    @Test
    @Resilience("N.3")
    void afterAGoodProbeExactlyOneRequestIsTheTrial() throws InterruptedException {
        failThreeReads(FailureKind.UNAVAILABLE);
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
        assertThat(state()).isEqualTo(BreakerState.HALF_OPEN);
        nas.faulty.mode(HELD);
        List<Future<Buffer>> readings = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            readings.add(read());
        }
        HeldCall trial = nas.faulty.takeHeld();
        for (Future<Buffer> refused : readings.subList(1, 10)) {
            assertThat(kind(refused)).isEqualTo(FailureKind.UNAVAILABLE);
        }
        assertThat(nas.reads()).isEqualTo(4);
        trial.release();
        assertThat(get(readings.get(0)).getBytes()).isEqualTo(BYTES);
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
        nas.faulty.mode(HEALTHY);
        get(read());
    }

    @Test
    void aFailedTrialKeepsItOpenAndTheNextIsNotBeforeAWhile() {
        failThreeReads(FailureKind.UNAVAILABLE);
        get(nas.guard.probe(testing.patience()).otherwiseEmpty());
        nas.faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE), call -> call.path()
                .equals(copy.path()));
        get(nas.guard.probe(testing.patience()));
        kind(read());
        assertThat(state()).isEqualTo(BreakerState.OPEN);
        get(nas.guard.probe(testing.patience()));
        assertThat(state()).isEqualTo(BreakerState.OPEN);
        testing.time.advance(Duration.ofSeconds(5));
        get(nas.guard.probe(testing.patience()));
        assertThat(state()).isEqualTo(BreakerState.HALF_OPEN);
        nas.faulty.mode(HEALTHY);
        get(read());
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anOpenBreakerLooksByItselfWhetherTheOriginIsBackSoThatNoReaderPaysForIt() {
        failThreeReads(FailureKind.UNAVAILABLE);
        testing.time.advance(Duration.ofSeconds(5));
        assertThat(nas.probes()).isEqualTo(1);
        assertThat(state()).isEqualTo(BreakerState.OPEN);
        nas.faulty.mode(HEALTHY);
        testing.time.advance(Duration.ofSeconds(10));
        assertThat(nas.probes()).isEqualTo(2);
        assertThat(state()).isEqualTo(BreakerState.HALF_OPEN);
        get(read());
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
        testing.time.advance(Duration.ofMinutes(10));
        assertThat(nas.probes()).isEqualTo(2);
    }

    @Test
    void oneThatOpenedClosesAndOpensAgain() {
        for (int i = 0; i < 3; i++) {
            failThreeReads(FailureKind.UNAVAILABLE);
            assertThat(state()).isEqualTo(BreakerState.OPEN);
            nas.faulty.mode(HEALTHY);
            get(nas.guard.probe(testing.patience()));
            get(read());
            assertThat(state()).isEqualTo(BreakerState.CLOSED);
        }
    }

    @Test
    void aListingIsNotATrialButAsksForOneFirst() {
        failThreeReads(FailureKind.UNAVAILABLE);
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
        assertThat(get(nas.guard.list(RealPath.ROOT))).hasSize(1);
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    @Resilience({"3.8", "B.4"})
    void aHungOriginFailsReadsAtTheirDeadlineAndKeepsItsPermitsUntilItAnswers() throws InterruptedException {
        // Its breaker stays out of this.
        Place slow = testing.new Place("slow", options(100));
        Copy theirs = slow.put(BYTES);
        slow.faulty.mode(HELD);
        List<Future<Buffer>> readings = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            readings.add(slow.guard.read(
                    theirs.path(), theirs.version(), new ByteRange(0, 10), testing.time.in(Duration.ofSeconds(3))));
        }
        assertThat(slow.reads()).isEqualTo(4);
        assertThat(slow.guard.stats().waiting()).isEqualTo(2);
        testing.time.advance(Duration.ofSeconds(3));
        for (Future<Buffer> each : readings) {
            assertThat(kind(each)).isEqualTo(FailureKind.TIMEOUT);
        }
        assertThat(slow.guard.stats().underWay()).isEqualTo(4);
        assertThat(slow.guard.stats().waiting()).isZero();
        for (int i = 0; i < 4; i++) {
            slow.faulty.takeHeld().release();
        }
        assertThat(slow.guard.stats().underWay()).isZero();
        assertThat(slow.guard.stats().late()).isEqualTo(4);
        assertThat(slow.reads()).isEqualTo(4);
    }

    @Test
    void oneRequestTakesNoLongerThanTheOriginsTimeoutHoweverPatientItsAskerIs() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<Buffer> reading = read(testing.time.in(Duration.ofHours(1)));
        testing.time.advance(Duration.ofSeconds(10));
        assertThat(kind(reading)).isEqualTo(FailureKind.TIMEOUT);
        nas.faulty.takeHeld().release();
        assertThat(testing.time.pending()).isZero();
    }

    @Test
    void aRequestThatHadNoTimeSaysNothingAboutTheOrigin() {
        nas.faulty.mode(HELD);
        for (int i = 0; i < 4; i++) {
            Future<Buffer> reading = read(testing.time.in(Duration.ofMillis(10)));
            testing.time.advance(Duration.ofMillis(10));
            assertThat(kind(reading)).isEqualTo(FailureKind.TIMEOUT);
        }
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void whoComesWhenTooManyWaitIsSentAwayAtOnce() {
        nas.faulty.mode(HELD);
        for (int i = 0; i < 14; i++) {
            read();
        }
        assertThat(kind(read())).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(nas.guard.stats().waiting()).isEqualTo(10);
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void noPermitIsLostInAThousandRequestsWithAnyOutcome() throws InterruptedException {
        long seed = 20261125;
        Random random = new Random(seed);
        List<Future<Buffer>> readings = new ArrayList<>();
        int held = 0;
        for (int i = 0; i < 1000; i++) {
            int what = random.nextInt(5);
            boolean free =
                    nas.guard.stats().underWay() < 4 && nas.guard.snapshot().usable();
            nas.faulty.mode(
                    switch (what) {
                        case 0 -> new OriginMode.ReturnError(FailureKind.NOT_FOUND);
                        case 1 -> new OriginMode.ReturnError(FailureKind.UNAVAILABLE);
                        case 2 -> HELD;
                        case 3 -> new OriginMode.Timeout(Duration.ofSeconds(random.nextInt(20)));
                        default -> HEALTHY;
                    });
            int before = nas.reads();
            readings.add(read(testing.time.in(Duration.ofMillis(random.nextInt(15_000)))));
            if (what == 2 && free && nas.reads() > before) {
                held++;
            }
            testing.time.advance(Duration.ofMillis(random.nextInt(1500)));
            while (held > 0 && random.nextBoolean()) {
                nas.faulty.takeHeld().release();
                held--;
            }
        }
        nas.faulty.mode(HEALTHY);
        testing.time.advance(Duration.ofMinutes(1));
        while (nas.faulty.underWay() > 0) {
            nas.faulty.takeHeld().release();
        }
        testing.time.advance(Duration.ofMinutes(2));
        for (Future<Buffer> each : readings) {
            get(each.mapEmpty().otherwiseEmpty());
        }
        eventually(() -> nas.guard.stats().underWay() == 0);
        assertThat(nas.guard.stats().waiting()).isZero();
        assertThat(nas.faulty.underWay()).isZero();
        assertThat(nas.guard.stats().requests()).isEqualTo(1000);
    }

    @Test
    void bytesComeNoFasterThanTheBandwidthLimit() {
        GuardOptions slow = new GuardOptions(
                4,
                10,
                Duration.ofSeconds(10),
                Duration.ofMinutes(15),
                3,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                5);
        Place modem = testing.new Place("modem", slow);
        Copy there = modem.put(BYTES);
        ByteRange all = new ByteRange(0, 10);
        get(modem.guard.read(there.path(), there.version(), all, testing.patience()));
        Future<Buffer> second = modem.guard.read(there.path(), there.version(), all, testing.patience());
        testing.time.advance(Duration.ofMillis(999));
        assertThat(modem.reads()).isEqualTo(1);
        testing.time.advance(Duration.ofMillis(1));
        get(second);
        assertThat(modem.reads()).isEqualTo(2);
        Deadline soon = testing.time.in(Duration.ofMillis(500));
        assertThat(kind(modem.guard.read(there.path(), there.version(), all, soon)))
                .isEqualTo(FailureKind.TIMEOUT);
        assertThat(modem.guard.snapshot().breaker()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void theLatencyOfSmallRequestsIsMeasured() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<Buffer> reading = read();
        testing.time.advance(Duration.ofMillis(300));
        nas.faulty.takeHeld().release();
        get(reading);
        assertThat(nas.guard.snapshot().latency()).isEqualTo(Duration.ofMillis(300));
        nas.faulty.mode(HEALTHY);
        get(read());
        assertThat(nas.guard.snapshot().latency()).isEqualTo(Duration.ofMillis(240));
        assertThat(nas.guard.stats().bytes()).isEqualTo(20);
    }

    @Test
    void anOriginThatIsAwayAtTheStartIsStartedByAProbeLater() {
        TestingStart backend = new TestingStart();
        GuardedOrigin guard = new GuardedOrigin(backend, options(3), testing.services);
        get(guard.start());
        assertThat(kind(guard.stat(RealPath.ROOT, testing.patience()))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(guard.probe(testing.patience()))).isEqualTo(FailureKind.UNAVAILABLE);
        backend.away = false;
        get(guard.probe(testing.patience()));
        get(guard.stat(RealPath.ROOT, testing.patience()));
        assertThat(backend.starts).isEqualTo(3);
    }

    @Test
    void anOriginThatIsConfiguredWronglyDoesNotStart() {
        TestingStart backend = new TestingStart();
        backend.kind = FailureKind.INVALID;
        assertThat(kind(new GuardedOrigin(backend, options(3), testing.services).start()))
                .isEqualTo(FailureKind.INVALID);
    }

    private void failThreeReads(FailureKind kind) {
        nas.faulty.mode(new OriginMode.ReturnError(kind));
        for (int i = 0; i < 3; i++) {
            assertThat(kind(read())).isEqualTo(kind);
        }
    }

    private BreakerState state() {
        return nas.guard.snapshot().breaker();
    }

    private Future<Buffer> read() {
        return read(testing.patience());
    }

    private Future<Buffer> read(Deadline deadline) {
        return nas.guard.read(new RealPath(PATH), copy.version(), new ByteRange(0, 10), deadline);
    }
}
