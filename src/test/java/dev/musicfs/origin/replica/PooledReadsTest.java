package dev.musicfs.origin.replica;

import static dev.musicfs.origin.guard.TestingGuard.eventually;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FetchedBuffer;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.guard.TestingGuard;
import dev.musicfs.origin.guard.TestingGuard.Place;
import dev.musicfs.runtime.BufferPool;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.FaultyOrigin.HeldCall;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.testkit.Trials;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads into lent memory: whatever becomes of one, all memory comes back, and none while somebody may still write there. */
class PooledReadsTest {
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final ByteRange ALL = new ByteRange(0, 10);
    private static final OriginMode HEALTHY = new OriginMode.Healthy();
    private static final OriginMode HELD = new OriginMode.Held();
    private static final OriginMode AWAY = new OriginMode.ReturnError(FailureKind.UNAVAILABLE);

    private final Vertx vertx = TestingVertx.start();
    private final TestingGuard testing = new TestingGuard(vertx);
    private final Place nas = testing.place("nas");
    private final Place cloud = testing.place("cloud");
    private final Copy first = nas.put(BYTES);
    private final Copy second = cloud.put(BYTES);
    private final BufferPool pool = new BufferPool(1 << 20);

    @BeforeAll
    static void watchLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @AfterEach
    void close() {
        get(vertx.close());
    }

    @Test
    void whatCameIsTheReceivers() {
        FetchedBuffer fetched = get(read(testing.patience()));
        assertThat(fetched.bytes().copy(0, 10)).isEqualTo(BYTES);
        assertThat(pool.lentBytes()).isEqualTo(10);
        fetched.bytes().release();
        assertThat(pool.lentBytes()).isZero();
    }

    @Test
    void whatFailedOrHadAnotherLengthHoldsNothing() {
        nas.faulty.mode(AWAY);
        cloud.faulty.mode(new OriginMode.WrongLength(-1));
        assertThat(kind(testing.inTime(read(testing.time.in(Duration.ofSeconds(5))))))
                .isEqualTo(FailureKind.UNAVAILABLE);
        cloud.faulty.mode(new OriginMode.WrongLength(1));
        testing.inTime(read(testing.time.in(Duration.ofSeconds(5))));
        assertThat(pool.lentBytes()).isZero();
    }

    @Test
    @Resilience("3.8")
    void whileABackendThatNobodyWaitsForMayStillWriteItKeepsItsMemory() throws InterruptedException {
        nas.faulty.mode(HELD);
        cloud.faulty.mode(HELD);
        Future<FetchedBuffer> reading = read(testing.time.in(Duration.ofSeconds(8)));
        testing.time.advance(Duration.ofSeconds(8));
        assertThat(kind(reading)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(pool.lentBytes()).isEqualTo(20);
        nas.faulty.takeHeld().release();
        eventually(() -> pool.lentBytes() == 10);
        cloud.faulty.takeHeld().fail(FailureKind.UNAVAILABLE);
        eventually(() -> pool.lentBytes() == 0);
    }

    @Test
    void theLateAnswerOfASlowCopyDoesNotTouchWhatTheOtherGave() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<FetchedBuffer> reading = read(testing.patience());
        testing.time.advance(Duration.ofSeconds(1));
        FetchedBuffer fetched = get(reading);
        assertThat(fetched.from()).isEqualTo(second);
        nas.memory.put(TestingGuard.PATH, "xxxxxxxxxx".getBytes(StandardCharsets.US_ASCII), 1, 1);
        nas.faulty.takeHeld().release();
        eventually(() -> pool.lentBytes() == 10);
        assertThat(fetched.bytes().copy(0, 10)).isEqualTo(BYTES);
        fetched.bytes().release();
        assertThat(pool.lentBytes()).isZero();
    }

    @Test
    void withoutMemoryAReadFailsAndLeavesTheOriginAlone() {
        FileSource file = replicas().of(List.of(first));
        BufferPool small = new BufferPool(9);
        Future<FetchedBuffer> reading = file.fetch(ALL, testing.time.in(Duration.ofSeconds(3)), small);
        assertThat(kind(testing.inTime(reading))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(nas.reads()).isZero();
        assertThat(small.lentBytes()).isZero();
    }

    @Test
    void allMemoryComesBackWhateverHappensInWhateverOrder() {
        Trials.check(25, draw -> {
            Deque<HeldCall> held = new ArrayDeque<>();
            List<Future<FetchedBuffer>> readings = new ArrayList<>();
            for (int step = 0; step < 30; step++) {
                Place place = draw.flag() ? nas : cloud;
                switch (draw.number(0, 4)) {
                    case 0 -> readings.add(read(testing.time.in(Duration.ofMillis(draw.number(1, 6000)))));
                    case 1 ->
                        place.faulty.mode(draw.of(
                                HEALTHY,
                                HELD,
                                HELD,
                                AWAY,
                                new OriginMode.WrongLength(1),
                                new OriginMode.PartialRead(3)));
                    case 2 -> testing.time.advance(Duration.ofMillis(draw.number(1, 3000)));
                    case 3 -> {
                        if (place.faulty.underWay() > 0) {
                            takeAll(place, held);
                        }
                    }
                    default -> {
                        HeldCall call = held.poll();
                        if (call != null && draw.flag()) {
                            call.release();
                        } else if (call != null) {
                            call.fail(FailureKind.UNAVAILABLE);
                        }
                    }
                }
            }
            for (Place place : List.of(nas, cloud)) {
                place.faulty.mode(HEALTHY);
                takeAll(place, held);
            }
            letGo(held);
            readings.forEach(reading -> testing.inTime(reading).onSuccess(fetched -> {
                assertThat(fetched.bytes().copy(0, 10)).isEqualTo(BYTES);
                fetched.bytes().release();
            }));
            for (Place place : List.of(nas, cloud)) {
                takeAll(place, held);
            }
            letGo(held);
            eventually(() -> pool.lentBytes() == 0);
        });
    }

    private static void letGo(Deque<HeldCall> held) {
        held.forEach(HeldCall::release);
        held.clear();
    }

    private static void takeAll(Place place, Deque<HeldCall> held) {
        HeldCall call = place.faulty.pollHeld();
        while (call != null) {
            held.add(call);
            call = place.faulty.pollHeld();
        }
    }

    private Future<FetchedBuffer> read(Deadline deadline) {
        return replicas().of(List.of(first, second)).fetch(ALL, deadline, pool);
    }

    private Replicas replicas() {
        return new Replicas(
                List.of(
                        new ReplicaOrigin(nas.guard, nas.guard::snapshot, 10),
                        new ReplicaOrigin(cloud.guard, cloud.guard::snapshot, 20)),
                ReplicaOptions.defaults(),
                testing.services);
    }
}
