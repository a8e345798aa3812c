package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.eventually;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static dev.musicfs.origin.guard.TestingGuard.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.HealthConfig;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.guard.TestingGuard.Place;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskState.State;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.testkit.FaultyOrigin.HeldCall;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What probes say about origins, and origins about the daemon. */
class HealthTest {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);
    private static final OriginMode HEALTHY = new OriginMode.Healthy();
    private static final OriginMode AWAY = new OriginMode.ReturnError(FailureKind.UNAVAILABLE);
    private static final OriginMode HELD = new OriginMode.Held();

    private final Vertx vertx = TestingVertx.start();
    private final TestingGuard testing = new TestingGuard(vertx);
    private final Place nas = testing.place("nas");
    private final Place disk = testing.new Place("disk", options(1));
    private final Health health =
            new Health(List.of(nas.guard, disk.guard), HealthOptions.defaults(), testing.services);

    @AfterEach
    void close() {
        health.stop();
        get(vertx.close());
    }

    @Test
    void aRemoteOriginIsDownAfterThreeFailedProbesAndADiskAfterOne() {
        start();
        nas.faulty.mode(AWAY);
        disk.faulty.mode(AWAY);
        assertThat(get(health.probeNow(disk.id()))).isEqualTo(HealthState.DOWN);
        assertThat(get(health.probeNow(nas.id()))).isEqualTo(HealthState.UP);
        assertThat(get(health.probeNow(nas.id()))).isEqualTo(HealthState.UP);
        assertThat(nas.guard.snapshot().usable()).isTrue();
        assertThat(get(health.probeNow(nas.id()))).isEqualTo(HealthState.DOWN);
        assertThat(nas.guard.snapshot().usable()).isFalse();
    }

    @Test
    @Resilience("3.6")
    void originsComeAndGoWhileTheyAreWatchedAndWhatIsKnownOfTheOthersIsKept() {
        start();
        disk.faulty.mode(AWAY);
        assertThat(get(health.probeNow(disk.id()))).isEqualTo(HealthState.DOWN);
        Place attic = testing.place("attic");
        health.change(List.of(attic.guard, disk.guard), HealthOptions.defaults());
        eventually(() -> attic.probes() == 1);
        eventually(() -> get(health.origins()).toString().equals("{attic=UP, disk=DOWN}"));
        assertThat(health.state()).isEqualTo(DaemonState.DEGRADED);
        int before = nas.probes();
        testing.time.advance(Duration.ofMinutes(2));
        assertThat(get(health.probeNow(nas.id()))).as("unknown").isEqualTo(HealthState.DOWN);
        assertThat(nas.probes()).isEqualTo(before);
        health.change(List.of(attic.guard), HealthOptions.defaults());
        // What is gone is not ill. Another's turn may be under way, and then the change is made after it.
        eventually(() -> health.state() == DaemonState.READY);
    }

    @Test
    @Resilience("3.6")
    void anotherIntervalHoldsAtOnce() {
        start();
        HealthOptions faster = HealthOptions.of(new HealthConfig(Duration.ofSeconds(2), Duration.ofSeconds(1), 1, 3));
        int before = nas.probes();
        health.change(List.of(nas.guard, disk.guard), faster);
        eventually(() -> nas.probes() == before + 1);
        assertThat(get(health.probeNow(nas.id()))).isEqualTo(HealthState.UP);
        assertThat(get(health.probeNow(disk.id()))).isEqualTo(HealthState.UP);
        int probed = nas.probes();
        int timers = testing.time.pending();
        for (int time = 1; time <= 3; time++) {
            testing.time.advance(Duration.ofMillis(1_999));
            assertThat(nas.probes()).isEqualTo(probed + time - 1);
            testing.time.advance(Duration.ofMillis(1));
            int now = probed + time;
            eventually(() -> nas.probes() == now && testing.time.pending() == timers);
        }
    }

    @Test
    void itIsSettledOnceEachOriginAnsweredOrFailedTo() throws InterruptedException {
        disk.faulty.mode(HELD);
        health.start();
        assertThat(get(health.probeNow(nas.id()))).isEqualTo(HealthState.UP);
        disk.faulty.takeHeld();
        assertThat(health.settled().isComplete()).isFalse();
        assertThat(get(health.failing())).isEmpty();
        assertThat(health.state()).isEqualTo(DaemonState.READY);
        testing.time.advance(Duration.ofSeconds(5));
        get(health.settled());
        assertThat(get(health.failing()))
                .containsOnlyKeys(disk.id())
                .hasEntrySatisfying(disk.id(), why -> assertThat(why).contains("did not answer"));
    }

    @Test
    void aFailureThatIsNotYetEnoughIsLookedIntoSoon() {
        start();
        nas.faulty.mode(AWAY);
        get(health.probeNow(nas.id()));
        int before = nas.probes();
        testing.time.advance(Duration.ofSeconds(5));
        eventually(() -> nas.probes() == before + 1);
    }

    @Test
    @Resilience("4.2.1")
    void aProbeThatNeverEndsIsGivenUpAfterItsTimeoutAndTheOriginIsIll() throws InterruptedException {
        start();
        disk.faulty.mode(HELD);
        Future<HealthState> probing = health.probeNow(disk.id());
        HeldCall hanging = disk.faulty.takeHeld();
        testing.time.advance(Duration.ofMillis(4999));
        assertThat(probing.isComplete()).isFalse();
        testing.time.advance(Duration.ofMillis(1));
        assertThat(get(probing)).isEqualTo(HealthState.DOWN);
        testing.time.advance(Duration.ofSeconds(30));
        assertThat(disk.faulty.underWay()).as("probes at a time").isEqualTo(1);
        disk.faulty.mode(HEALTHY);
        hanging.release();
        eventually(() -> {
            testing.time.advance(Duration.ofSeconds(1));
            return get(health.origins()).get(disk.id()) == HealthState.UP;
        });
    }

    @Test
    @Resilience("4.2.1")
    void theFailpointHangsAProbeAndNothingElse() {
        start();
        Failpoints.Scope hang = Failpoints.arm(Failpoint.HEALTH_CHECK_HANG, "pause");
        try {
            int before = disk.probes();
            assertThat(get(testing.inTime(health.probeNow(disk.id())))).isEqualTo(HealthState.DOWN);
            assertThat(disk.probes()).isEqualTo(before);
            get(nas.guard.stat(RealPath.ROOT, testing.patience()));
        } finally {
            hang.close();
        }
        eventually(() -> get(health.probeNow(disk.id())) == HealthState.UP);
    }

    @Test
    @Resilience("4.2.2")
    void originsAreProbedAtTheSameTimeSoThatASweepTakesOneTimeout() throws InterruptedException {
        Place attic = testing.place("attic");
        Health all =
                new Health(List.of(nas.guard, disk.guard, attic.guard), HealthOptions.defaults(), testing.services);
        nas.faulty.mode(HELD);
        disk.faulty.mode(HELD);
        all.start();
        nas.faulty.takeHeld();
        disk.faulty.takeHeld();
        eventually(() -> attic.probes() == 1);
        testing.time.advance(Duration.ofSeconds(5));
        eventually(() -> get(all.origins()).get(disk.id()) == HealthState.DOWN);
        assertThat(get(all.probeNow(attic.id()))).isEqualTo(HealthState.UP);
        assertThat(nas.probes()).isEqualTo(1);
        all.stop();
    }

    @Test
    @Resilience({"4.2.3", "N.2"})
    void theDaemonIsReadyThenDegradedThenOfflineAndBackWithOneEventForEach() {
        start();
        assertThat(health.state()).isEqualTo(DaemonState.READY);
        down(disk);
        assertThat(health.state()).isEqualTo(DaemonState.DEGRADED);
        assertThat(testing.events(AllOriginsUnhealthy.class)).isEmpty();
        down(nas);
        assertThat(health.state()).isEqualTo(DaemonState.OFFLINE);
        assertThat(testing.events(AllOriginsUnhealthy.class)).hasSize(1);
        up(disk);
        assertThat(health.state()).isEqualTo(DaemonState.DEGRADED);
        up(nas);
        assertThat(health.state()).isEqualTo(DaemonState.READY);
        assertThat(testing.events(DaemonStateChanged.class))
                .extracting(DaemonStateChanged::now)
                .containsExactly("DEGRADED", "OFFLINE", "DEGRADED", "READY");
        assertThat(testing.events(OriginStateChanged.class))
                .extracting(event -> event.origin() + " " + event.now() + " " + event.recovered())
                .containsExactly("disk DOWN false", "nas DOWN false", "disk UP true", "nas UP true");
    }

    @Test
    @Resilience("4.2.3")
    void whileNoOriginCanBeReachedTheyAreProbedEverySixtySeconds() {
        start();
        down(disk);
        down(nas);
        for (int i = 0; i < 600; i++) {
            testing.time.advance(Duration.ofSeconds(1));
            get(health.probeNow(nas.id()));
        }
        // The breaker looks after 5, 10, 20 and 40 s, then only health does.
        int before = disk.probes();
        for (int i = 0; i < 600; i++) {
            testing.time.advance(Duration.ofSeconds(1));
            get(health.probeNow(nas.id()));
        }
        assertThat(disk.probes() - before).isBetween(9, 11);
    }

    @Test
    void aFileThatIsClosedToUsDoesNotCloseItsOriginButHasItProbed() {
        start();
        disk.put(new byte[1]);
        disk.faulty.mode(
                new OriginMode.AuthRejected(), call -> call.path().value().equals(TestingGuard.PATH));
        int before = disk.probes();
        for (int i = 0; i < 20; i++) {
            assertThat(kind(disk.guard.stat(new RealPath(TestingGuard.PATH), testing.patience())))
                    .isEqualTo(FailureKind.REJECTED);
        }
        get(disk.guard.stat(RealPath.ROOT, testing.patience()));
        eventually(() -> disk.probes() == before + 1);
        assertThat(disk.guard.snapshot().breaker()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anOriginThatRefusesEverythingIsDown() {
        start();
        disk.faulty.mode(new OriginMode.AuthRejected());
        assertThat(kind(disk.guard.stat(RealPath.ROOT, testing.patience()))).isEqualTo(FailureKind.REJECTED);
        eventually(() -> get(health.origins()).get(disk.id()) == HealthState.DOWN);
        assertThat(kind(disk.guard.stat(RealPath.ROOT, testing.patience()))).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void theSummarySaysSinceWhenAndHowManyReadsWereRefused() {
        start();
        down(nas);
        testing.time.advance(Duration.ofMinutes(12));
        for (int i = 0; i < 482; i++) {
            kind(nas.guard.stat(new RealPath("x"), testing.patience()));
        }
        assertThat(health.illnesses()).contains("origin nas unreachable for 12 min, 482 reads refused since");
    }

    @Test
    void anIllCacheDegradesTheDaemon() {
        start();
        health.cache("the disk is full");
        eventually(() -> health.state() == DaemonState.DEGRADED);
        assertThat(health.illnesses()).contains("the disk is full");
        health.cache("");
        eventually(() -> health.state() == DaemonState.READY);
    }

    @Test
    @Resilience("4.2.5")
    void aDeadNameServiceIsToldApartFromADeadOriginAndLookedAtSoon() {
        NamelessOrigin backend = new NamelessOrigin();
        GuardedOrigin guard = new GuardedOrigin(backend, options(1), testing.services);
        get(guard.start());
        Health alone = new Health(List.of(guard), HealthOptions.defaults(), testing.services);
        alone.start();
        get(alone.probeNow(guard.id()));
        backend.probeFailure =
                new MusicFsException(FailureKind.UNAVAILABLE, "no address", new UnknownHostException("cloud.example"));
        assertThat(get(alone.probeNow(guard.id()))).isEqualTo(HealthState.NAMES);
        assertThat(alone.state()).isEqualTo(DaemonState.DEGRADED);
        assertThat(guard.snapshot().usable()).isTrue();
        assertThat(testing.events(AllOriginsUnhealthy.class)).isEmpty();
        int before = backend.probes.get();
        testing.time.advance(Duration.ofSeconds(5));
        eventually(() -> backend.probes.get() == before + 1);
        backend.probeFailure = null;
        // The first may join the one that was counted and has not ended.
        eventually(() -> get(alone.probeNow(guard.id())) == HealthState.UP);
        alone.stop();
    }

    @Test
    void anOpeningBreakerHasItsOriginProbedAtOnce() {
        start();
        int before = nas.probes();
        nas.faulty.mode(AWAY);
        for (int i = 0; i < 3; i++) {
            kind(nas.guard.stat(RealPath.ROOT, testing.patience()));
        }
        eventually(() -> nas.probes() > before);
        eventually(() -> get(health.origins()).get(nas.id()) == HealthState.DOWN);
    }

    @Test
    void anOriginThatWasNeverThereIsDownAfterTheFirstProbe() {
        TestingStart backend = new TestingStart();
        GuardedOrigin guard = new GuardedOrigin(backend, options(3), testing.services);
        get(guard.start());
        Health alone = new Health(List.of(guard), HealthOptions.defaults(), testing.services);
        alone.start();
        assertThat(get(alone.probeNow(guard.id()))).isEqualTo(HealthState.DOWN);
        assertThat(alone.state()).isEqualTo(DaemonState.OFFLINE);
        backend.away = false;
        assertThat(get(alone.probeNow(guard.id()))).isEqualTo(HealthState.UP);
        assertThat(alone.state()).isEqualTo(DaemonState.READY);
        get(guard.stat(RealPath.ROOT, testing.patience()));
        alone.stop();
    }

    @Test
    @Resilience("2.6")
    void aDefectAmidAProbesOutcomeIsADeathAfterWhichEverythingIsWatchedAgain() {
        AtomicBoolean defective = new AtomicBoolean();
        GuardServices services = new GuardServices(vertx, testing.time, testing.time, (address, event) -> {
            if (defective.getAndSet(false)) {
                throw new IllegalStateException("a defect");
            }
        });
        TaskSupervisor tasks = new TaskSupervisor(testing.time, testing.time, (address, event) -> {});
        Health watching = new Health(List.of(nas.guard, disk.guard), HealthOptions.defaults(), services);
        tasks.supervise("health", Importance.CRITICAL, watching::run);
        get(watching.probeNow(nas.id()));
        get(watching.probeNow(disk.id()));

        disk.faulty.mode(AWAY);
        defective.set(true);
        assertThatThrownBy(() -> watching.probeNow(disk.id())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .hasMessageContaining("a defect");
        assertThat(tasks.deaths()).isOne();
        assertThat(tasks.tasks().get(0).state()).isEqualTo(State.WAITING);

        int before = nas.probes();
        testing.time.advance(Duration.ZERO);
        eventually(() -> nas.probes() > before);
        assertThat(get(watching.probeNow(disk.id()))).isEqualTo(HealthState.DOWN);
        assertThat(watching.state()).isEqualTo(DaemonState.DEGRADED);
        assertThat(tasks.tasks().get(0).state()).isEqualTo(State.RUNNING);
        get(tasks.stop());
        watching.stop();
    }

    @Test
    @Resilience("5.6")
    void aJumpOfTheClockMakesNoProbeSoonerOrLaterAndTurnsNoStateOver() {
        start();
        down(disk);
        for (Duration jump : List.of(TEN_YEARS, TEN_YEARS.multipliedBy(-2), TEN_YEARS)) {
            int before = nas.probes();
            testing.time.jump(jump);
            testing.time.advance(Duration.ofMillis(29_999));
            assertThat(nas.probes()).isEqualTo(before);
            assertThat(get(health.origins()))
                    .containsEntry(nas.id(), HealthState.UP)
                    .containsEntry(disk.id(), HealthState.DOWN);
            assertThat(nas.guard.snapshot().usable()).isTrue();
            assertThat(disk.guard.snapshot().usable()).isFalse();
            testing.time.advance(Duration.ofMillis(1));
            eventually(() -> nas.probes() == before + 1);
            get(health.probeNow(nas.id()));
        }
    }

    private void start() {
        health.start();
        get(health.probeNow(nas.id()));
        get(health.probeNow(disk.id()));
    }

    private void down(Place place) {
        place.faulty.mode(AWAY);
        eventually(() -> get(health.probeNow(place.id())) == HealthState.DOWN);
    }

    private void up(Place place) {
        place.faulty.mode(HEALTHY);
        eventually(() -> get(health.probeNow(place.id())) == HealthState.UP);
    }
}
