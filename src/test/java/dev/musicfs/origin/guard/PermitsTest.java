package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.failure;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.guard.Permits.Permit;
import dev.musicfs.testkit.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PermitsTest {
    private final ManualTime time = new ManualTime();
    private final Permits permits = new Permits(1, 2, time);
    private final Permit first = get(acquire(60));

    @Test
    void whoComesFirstIsServedFirstAndTheQueueIsBounded() {
        Future<Permit> second = acquire(60);
        Future<Permit> third = acquire(60);
        assertThat(kind(acquire(60))).isEqualTo(FailureKind.UNAVAILABLE);
        first.release();
        first.release();
        assertThat(second.succeeded()).isTrue();
        assertThat(third.isComplete()).as("given back twice is given back once").isFalse();
        assertThat(permits.taken()).isEqualTo(1);
        assertThat(permits.waiting()).isEqualTo(1);
        get(second).release();
        get(third).release();
        assertThat(permits.taken()).isZero();
        assertThat(time.pending()).as("timers of who waits no more").isZero();
        get(acquire(60));
    }

    @Test
    void whoseDeadlineComesWaitsNoMoreAndLeavesItsPlace() {
        Future<Permit> patient = acquire(60);
        Future<Permit> hasty = acquire(3);
        time.advance(Duration.ofSeconds(3));
        assertThat(kind(hasty)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(permits.waiting()).isEqualTo(1);
        Future<Permit> last = acquire(60);
        first.release();
        get(patient).release();
        assertThat(last.succeeded()).isTrue();
        assertThat(permits.taken()).isEqualTo(1);
    }

    @Test
    void whoIsTurnedAwayIsToldWhyAndOthersMayWaitInstead() {
        Future<Permit> second = acquire(60);
        Future<Permit> third = acquire(60);
        permits.turnAway(() -> new MusicFsException(FailureKind.STALE, "gone"));
        assertThat(failure(second)).hasMessage("gone");
        assertThat(failure(third)).hasMessage("gone");
        assertThat(permits.waiting()).isZero();
        assertThat(permits.taken()).isEqualTo(1);
        assertThat(time.pending()).isZero();
        Future<Permit> next = acquire(60);
        first.release();
        assertThat(next.succeeded()).isTrue();
    }

    private Future<Permit> acquire(int seconds) {
        return permits.acquire(time.in(Duration.ofSeconds(seconds)));
    }
}
