package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.eventually;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static dev.musicfs.origin.guard.TestingGuard.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One origin, whose probes end as the test says. */
class OriginHealthTest {
    private final MusicFsException gone = new MusicFsException(FailureKind.UNAVAILABLE, "gone");
    private final MusicFsException nameless = new MusicFsException(
            FailureKind.UNAVAILABLE, "no address", new IllegalStateException(new UnknownHostException("nas.example")));

    private final Vertx vertx = TestingVertx.start();
    private final TestingGuard testing = new TestingGuard(vertx);
    private final NamelessOrigin backend = new NamelessOrigin();
    private final GuardedOrigin guard = new GuardedOrigin(backend, options(3), testing.services);
    private final OriginHealth origin = new OriginHealth(guard, testing.time, testing.services.events());

    @BeforeEach
    void start() {
        get(guard.start());
    }

    @AfterEach
    void close() {
        get(vertx.close());
    }

    @Test
    void onlyFailuresInARowMakeItIll() {
        assertThat(origin.probed(null)).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(origin.suspected()).isFalse();
            assertThat(origin.probed(gone)).isFalse();
            assertThat(origin.probed(gone)).isFalse();
            assertThat(origin.suspected()).isTrue();
            assertThat(origin.reachable()).isTrue();
            assertThat(origin.probed(null)).isFalse();
        }
        origin.probed(gone);
        origin.probed(gone);
        assertThat(origin.probed(gone)).isTrue();
        assertThat(origin.state()).isEqualTo(HealthState.DOWN);
        assertThat(origin.reachable()).isFalse();
        assertThat(origin.suspected()).isFalse();
        assertThat(guard.snapshot().healthy()).isFalse();
        assertThat(origin.probed(gone)).as("it was ill already").isFalse();
        assertThat(origin.probed(null)).isTrue();
        assertThat(guard.snapshot().healthy()).isTrue();
        assertThat(testing.events(OriginStateChanged.class))
                .containsExactly(
                        new OriginStateChanged("nameless", "UP", "DOWN", false, "UNAVAILABLE: gone"),
                        new OriginStateChanged("nameless", "DOWN", "UP", true, ""));
    }

    @Test
    void ofOneThatNeverAnsweredTheFirstFailureSaysEnoughAndItIsLookedAtSoon() {
        assertThat(origin.state()).isEqualTo(HealthState.UNKNOWN);
        assertThat(origin.reachable()).isTrue();
        assertThat(origin.probed(gone)).isTrue();
        assertThat(origin.state()).isEqualTo(HealthState.DOWN);
        assertThat(origin.why()).isEqualTo("UNAVAILABLE: gone");
        assertThat(origin.suspected()).isTrue();
        origin.probed(gone);
        origin.probed(gone);
        assertThat(origin.suspected()).isFalse();
        assertThat(origin.probed(null)).isTrue();
        assertThat(origin.why()).isEmpty();
        assertThat(testing.events(OriginStateChanged.class))
                .containsExactly(
                        new OriginStateChanged("nameless", "UNKNOWN", "DOWN", false, "UNAVAILABLE: gone"),
                        new OriginStateChanged("nameless", "DOWN", "UP", true, ""));
    }

    @Test
    void anOpenBreakerHasSeenFailuresEnough() {
        guard.healthy(false, "requests failed");
        assertThat(origin.probed(gone)).isTrue();
        assertThat(origin.state()).isEqualTo(HealthState.DOWN);
    }

    @Test
    void withoutNamesItIsReachableForWhoHasItsAddress() {
        assertThat(origin.probed(nameless)).isTrue();
        assertThat(origin.state()).isEqualTo(HealthState.NAMES);
        assertThat(origin.suspected()).isTrue();
        assertThat(origin.reachable()).isTrue();
        guard.healthy(false, "requests failed");
        assertThat(origin.reachable()).isFalse();
    }

    @Test
    void theSummaryCountsFromWhenItBecameIll() {
        assertThat(origin.summary()).isEqualTo("origin nameless has not answered yet");
        origin.probed(null);
        assertThat(origin.summary()).isEqualTo("origin nameless is up");
        backend.probeFailure = gone;
        guard.healthy(false, "before");
        kind(guard.stat(RealPath.ROOT, testing.patience()));
        testing.time.advance(Duration.ofMinutes(1));
        origin.probed(nameless);
        testing.time.advance(Duration.ofSeconds(59));
        kind(guard.stat(RealPath.ROOT, testing.patience()));
        kind(guard.stat(RealPath.ROOT, testing.patience()));
        assertThat(origin.summary())
                .isEqualTo("origin nameless without name service for 59 s, 2 reads refused since"
                        + " (UNAVAILABLE: no address)");
        origin.probed(gone);
        testing.time.advance(Duration.ofSeconds(1));
        assertThat(origin.summary())
                .isEqualTo("origin nameless unreachable for 1 min, 2 reads refused since (UNAVAILABLE: gone)");
    }

    @Test
    void nobodyIsProbedBeforeTheStartAndAfterTheStop() {
        Health health = new Health(List.of(guard), HealthOptions.defaults(), testing.services);
        assertThat(get(health.probeNow(guard.id()))).isEqualTo(HealthState.UNKNOWN);
        assertThat(health.settled().isComplete()).isFalse();
        assertThat(get(health.probeNow(new OriginId("unknown")))).isEqualTo(HealthState.DOWN);
        assertThat(backend.probes).hasValue(0);
        health.start();
        assertThat(get(health.probeNow(guard.id()))).isEqualTo(HealthState.UP);
        get(health.settled());
        assertThat(get(health.failing())).isEmpty();
        health.stop();
        eventually(() -> testing.time.pending() == 0);
        int probes = backend.probes.get();
        testing.time.advance(Duration.ofHours(1));
        get(health.probeNow(guard.id()));
        assertThat(backend.probes).hasValue(probes);
    }

    @Test
    void anIllCatalogDegradesTheDaemonAndIsNamedBesideTheCache() {
        Health health = new Health(List.of(guard), HealthOptions.defaults(), testing.services);
        health.catalog("damaged: a page");
        health.cache("the disk is full");
        eventually(() -> health.state() == DaemonState.DEGRADED);
        eventually(
                () -> health.illnesses().equals("the cache is ill: the disk is full; the catalog is damaged: a page"));
        health.cache("");
        health.catalog("");
        eventually(() -> health.state() == DaemonState.READY);
        assertThat(testing.events(DaemonStateChanged.class))
                .extracting(DaemonStateChanged::now)
                .containsExactly("DEGRADED", "READY");
    }
}
