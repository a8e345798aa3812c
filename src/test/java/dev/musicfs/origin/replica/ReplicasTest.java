package dev.musicfs.origin.replica;

import static dev.musicfs.origin.guard.TestingGuard.eventually;
import static dev.musicfs.origin.guard.TestingGuard.failure;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static dev.musicfs.origin.guard.TestingGuard.kind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Fetched;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.guard.BreakerState;
import dev.musicfs.origin.guard.TestingGuard;
import dev.musicfs.origin.guard.TestingGuard.Place;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which copies are asked for a read, when, and what becomes of it. */
class ReplicasTest {
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
    private final Replicas replicas = replicas(10, 20);
    private final FileSource file = replicas.of(List.of(first, second));

    @AfterEach
    void close() {
        get(vertx.close());
    }

    @Test
    void thePreferredCopyIsReadWhileItIsWell() {
        assertThat(get(read()).from()).isEqualTo(first);
        assertThat(cloud.reads()).isZero();
        assertThat(replicas.isServedFromBackup(first)).isFalse();
        assertThat(testing.time.pending()).isZero();
    }

    @Test
    void theLowestPriorityIsPreferredWhateverTheOrder() {
        Fetched fetched = get(replicas(20, 10).of(List.of(first, second)).read(ALL, testing.patience()));
        assertThat(fetched.from()).isEqualTo(second);
    }

    @Test
    void amongEqualsTheNoticeablyFasterOneIsPreferred() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<Void> slow = nas.guard.probe(testing.patience());
        testing.time.advance(Duration.ofMillis(500));
        nas.faulty.takeHeld().release();
        get(slow);
        nas.faulty.mode(HEALTHY);
        Replicas equals = replicas(10, 10);
        assertThat(get(equals.of(List.of(first, second)).read(ALL, testing.patience()))
                        .from())
                .isEqualTo(second);
        assertThat(equals.isServedFromBackup(first)).isFalse();
    }

    @Test
    @Resilience("N.1")
    void whenThePrimaryFailsTheNextCopyAnswersTheSameRead() {
        nas.faulty.mode(AWAY);
        Fetched fetched = get(read());
        assertThat(fetched.bytes().getBytes()).isEqualTo(BYTES);
        assertThat(fetched.from()).isEqualTo(second);
        assertThat(nas.reads()).isEqualTo(1);
        assertThat(replicas.stats().failovers()).isEqualTo(1);
        assertThat(replicas.stats().retries()).isZero();
    }

    @Test
    @Resilience("N.1")
    void furtherRoundsComeAfterTheirPausesUnderOneDeadline() {
        nas.faulty.mode(AWAY);
        cloud.faulty.mode(AWAY);
        Future<Fetched> reading = read();
        assertRounds(1, Duration.ofMillis(100));
        testing.time.advance(Duration.ofMillis(99));
        assertRounds(1, Duration.ofMillis(1));
        testing.time.advance(Duration.ofMillis(1));
        assertRounds(2, Duration.ofMillis(500));
        testing.time.advance(Duration.ofMillis(499));
        assertRounds(2, Duration.ofMillis(1));
        nas.faulty.mode(HEALTHY);
        testing.time.advance(Duration.ofMillis(1));
        assertThat(get(reading).from()).isEqualTo(first);
        assertThat(replicas.stats().retries()).isEqualTo(3);
        assertThat(testing.time.pending()).isZero();
    }

    @Test
    void aPauseThatWouldOutlastTheDeadlineIsNotBegun() {
        nas.faulty.mode(AWAY);
        cloud.faulty.mode(AWAY);
        Future<Fetched> reading = read(testing.time.in(Duration.ofMillis(100)));
        assertThat(kind(reading)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure(reading).getMessage()).contains("nas UNAVAILABLE, cloud UNAVAILABLE");
    }

    @Test
    @Resilience("3.8")
    void aReadEndsAtItsDeadlineWhenEveryCopyHangs() {
        nas.faulty.mode(HELD);
        cloud.faulty.mode(HELD);
        Future<Fetched> reading = read(testing.time.in(Duration.ofSeconds(8)));
        testing.time.advance(Duration.ofSeconds(8));
        assertThat(kind(reading)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(nas.reads() + cloud.reads()).isEqualTo(2);
    }

    @Test
    void noReadAsksMoreOftenThanItsLimitHoweverManyCopiesThereAre() {
        List<ReplicaOrigin> members = new ArrayList<>();
        List<Copy> copies = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Place place = testing.place("origin" + i);
            copies.add(place.put(BYTES));
            place.faulty.mode(new OriginMode.ReturnError(FailureKind.CORRUPT));
            members.add(new ReplicaOrigin(place.guard, place.guard::snapshot, 1));
            places.add(place);
        }
        Replicas many = new Replicas(members, ReplicaOptions.defaults(), testing.services);
        Future<Fetched> reading = many.of(copies).read(ALL, testing.time.in(Duration.ofHours(1)));
        assertThat(kind(testing.inTime(reading))).isEqualTo(FailureKind.CORRUPT);
        assertThat(places.stream().mapToInt(Place::reads).sum()).isEqualTo(16);
        assertThat(many.stats().attempts()).isEqualTo(16);
        assertThat(testing.time.pending()).isZero();
    }

    @Test
    void aSlowPrimaryIsHedgedOnceAndTheFirstGoodAnswerWins() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<Fetched> reading = read();
        testing.time.advance(Duration.ofMillis(999));
        assertThat(cloud.reads()).isZero();
        testing.time.advance(Duration.ofMillis(1));
        assertThat(get(reading).from()).isEqualTo(second);
        assertThat(replicas.stats().hedges()).isEqualTo(1);
        assertThat(replicas.isServedFromBackup(first)).isFalse();
        nas.faulty.takeHeld().release();
        assertThat(nas.guard.stats().underWay()).isZero();
        assertThat(testing.time.pending()).isZero();
    }

    @Test
    void anOriginThatIsUsuallySlowIsGivenFourTimesItsLatencyBeforeItIsHedged() throws InterruptedException {
        nas.faulty.mode(HELD);
        Future<Void> slow = nas.guard.probe(testing.patience());
        testing.time.advance(Duration.ofMillis(600));
        nas.faulty.takeHeld().release();
        get(slow);
        Future<Fetched> reading = read();
        testing.time.advance(Duration.ofMillis(2399));
        assertThat(cloud.reads()).isZero();
        testing.time.advance(Duration.ofMillis(1));
        assertThat(cloud.reads()).isEqualTo(1);
        get(reading);
    }

    @Test
    void thereAreNeverMoreThanTwoRequestsAtATimeForOneRead() {
        Place attic = testing.place("attic");
        Copy third = attic.put(BYTES);
        Replicas three = new Replicas(
                List.of(member(nas, 1), member(cloud, 2), member(attic, 3)),
                ReplicaOptions.defaults(),
                testing.services);
        nas.faulty.mode(HELD);
        cloud.faulty.mode(HELD);
        attic.faulty.mode(HELD);
        Future<Fetched> reading =
                three.of(List.of(first, second, third)).read(ALL, testing.time.in(Duration.ofSeconds(9)));
        testing.time.advance(Duration.ofSeconds(8));
        assertThat(nas.reads() + cloud.reads() + attic.reads()).isEqualTo(2);
        assertThat(three.stats().hedges()).isEqualTo(1);
        assertThat(reading.isComplete()).isFalse();
    }

    @Test
    void whenTheHedgeFailsTheFirstMayStillAnswer() throws InterruptedException {
        nas.faulty.mode(HELD);
        cloud.faulty.mode(AWAY);
        Future<Fetched> reading = read();
        testing.time.advance(Duration.ofSeconds(3));
        eventually(() -> cloud.guard.stats().failures().containsKey(FailureKind.UNAVAILABLE));
        assertThat(reading.isComplete()).isFalse();
        nas.faulty.takeHeld().release();
        assertThat(get(reading).from()).isEqualTo(first);
    }

    @Test
    @Resilience({"N.2", "B.4"})
    void whenEveryOriginIsKnownToBeDownAReadFailsAtOnceAndNothingIsAsked() {
        open(nas);
        open(cloud);
        nas.faulty.mode(HELD);
        cloud.faulty.mode(HELD);
        int before = nas.reads() + cloud.reads();
        Future<Fetched> reading = read();
        assertThat(kind(reading)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(nas.reads() + cloud.reads()).isEqualTo(before);
        assertThat(replicas.stats().attempts()).isEqualTo(1);
    }

    @Test
    @Resilience("N.3")
    void anOriginThatAnsweredAProbeIsRoutedToAgain() {
        open(nas);
        assertThat(get(read()).from()).isEqualTo(second);
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
        assertThat(get(read()).from()).isEqualTo(first);
        assertThat(nas.guard.snapshot().breaker()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void whileTheTrialIsUnderWayOtherReadersAreServedFromTheBackup() throws InterruptedException {
        open(nas);
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
        nas.faulty.mode(HELD);
        Future<Fetched> trial = read();
        assertThat(get(read()).from()).isEqualTo(second);
        nas.faulty.takeHeld().release();
        assertThat(get(trial).from()).isEqualTo(first);
    }

    @Test
    @Resilience("4.2.6")
    void aFileFromABackupIsMarkedUntilTheLeaderServesItAgain() {
        open(nas);
        get(read());
        get(read());
        assertThat(replicas.servedBy(first)).contains(new OriginId("cloud"));
        assertThat(testing.events(ServedFromBackup.class))
                .singleElement()
                .satisfies(event -> assertThat(event.servedBy()).isEqualTo("cloud"));
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
        get(read());
        assertThat(replicas.servedBy(first)).isEmpty();
        assertThat(testing.events(LeaderReturned.class))
                .containsExactly(new LeaderReturned("nas", TestingGuard.PATH, "cloud"));
    }

    @Test
    void aCopyOfAnotherLengthIsSkippedAtOnceAndSuspectedOnce() {
        nas.faulty.mode(new OriginMode.WrongLength(-1));
        assertThat(get(read()).from()).isEqualTo(second);
        assertThat(get(read()).from()).isEqualTo(second);
        assertThat(nas.reads()).isEqualTo(1);
        assertThat(testing.events(CopySuspected.class)).hasSize(1);
        assertThat(replicas.isServedFromBackup(first)).isTrue();
        testing.time.advance(Duration.ofMinutes(5));
        nas.faulty.mode(HEALTHY);
        assertThat(get(read()).from()).isEqualTo(first);
    }

    @Test
    void aCopyThatChangedOrVanishedIsSkippedAtOnce() {
        nas.memory.put(TestingGuard.PATH, BYTES);
        assertThat(get(read()).from()).isEqualTo(second);
        nas.memory.remove(TestingGuard.PATH);
        testing.time.advance(Duration.ofMinutes(5));
        assertThat(get(read()).from()).isEqualTo(second);
        assertThat(replicas.stats().retries()).isZero();
        assertThat(nas.guard.snapshot().breaker()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aCopyThatGaveWrongBytesIsNotAskedForThatVersionAgain() {
        file.suspect(first, "checksum");
        testing.time.advance(Duration.ofDays(1));
        assertThat(get(read()).from()).isEqualTo(second);
        cloud.faulty.mode(AWAY);
        assertThat(kind(testing.inTime(read()))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(nas.reads()).isZero();
        cloud.faulty.mode(HEALTHY);
        FileVersion changed = nas.memory.put(TestingGuard.PATH, BYTES);
        Copy renewed = Copy.whole(nas.id(), first.path(), changed);
        Future<Fetched> again = replicas.of(List.of(renewed, second)).read(ALL, testing.patience());
        assertThat(get(again).from()).isEqualTo(renewed);
        assertThat(testing.events(CopySuspected.class)).hasSize(1);
    }

    @Test
    void aSuspectCopyThatIsTheOnlyOneIsStillRead() {
        FileSource only = replicas.of(List.of(first));
        only.suspect(first, "checksum");
        assertThat(get(only.read(ALL, testing.patience())).from()).isEqualTo(first);
    }

    @Test
    void aSuspectCopyThatWasFoundGoodAgainIsRead() {
        file.suspect(first, "checksum");
        replicas.forgive(first);
        assertThat(get(read()).from()).isEqualTo(first);
    }

    @Test
    void aCopyOfTheAudioAloneServesOnlyWhatIsTheSameInIt() {
        FileVersion version = cloud.memory.put("other.flac", "xx3456yyy".getBytes(StandardCharsets.US_ASCII));
        Copy audio = new Copy(cloud.id(), new RealPath("other.flac"), version, true, -1, 3, 7);
        FileSource mixed = replicas.of(List.of(first, audio));
        open(nas);
        Fetched fetched = get(mixed.read(new ByteRange(3, 4), testing.patience()));
        assertThat(fetched.bytes().toString()).isEqualTo("3456");
        assertThat(fetched.from()).isEqualTo(audio);
        int before = cloud.reads();
        assertThat(kind(mixed.read(new ByteRange(2, 5), testing.patience()))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(mixed.read(new ByteRange(6, 2), testing.patience()))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(cloud.reads()).isEqualTo(before);
    }

    @Test
    void whatIsUnknownIsNotAbsent() {
        open(nas);
        cloud.memory.remove(TestingGuard.PATH);
        assertThat(kind(read())).isEqualTo(FailureKind.UNAVAILABLE);
        nas.faulty.mode(HEALTHY);
        get(nas.guard.probe(testing.patience()));
        nas.memory.remove(TestingGuard.PATH);
        assertThat(kind(read())).isEqualTo(FailureKind.NOT_FOUND);
    }

    @Test
    void anotherVersionOfTheLeaderIsToldWhenNobodyStandsIn() {
        open(cloud);
        nas.memory.put(TestingGuard.PATH, BYTES);
        assertThat(kind(read())).isEqualTo(FailureKind.STALE);
        assertThat(testing.time.pending()).isLessThanOrEqualTo(1);
    }

    @Test
    void readingAtOrPastTheEndAsksNobody() {
        assertThat(get(file.read(new ByteRange(10, 5), testing.patience()))
                        .bytes()
                        .length())
                .isZero();
        assertThat(get(file.read(new ByteRange(8, 50), testing.patience()))
                        .bytes()
                        .toString())
                .isEqualTo("89");
        assertThat(nas.reads()).isEqualTo(1);
    }

    private void open(Place place) {
        place.faulty.mode(AWAY);
        for (int i = 0; i < 3; i++) {
            kind(place.guard.stat(RealPath.ROOT, testing.patience()));
        }
        assertThat(place.guard.snapshot().breaker()).isEqualTo(BreakerState.OPEN);
    }

    /** So many rounds are over, and the next begins after this pause. */
    private void assertRounds(int rounds, Duration pause) {
        eventually(() -> testing.time.isPendingIn(pause));
        assertThat(nas.reads()).isEqualTo(rounds);
        assertThat(cloud.reads()).isEqualTo(rounds);
    }

    private Future<Fetched> read() {
        return read(testing.patience());
    }

    private Future<Fetched> read(Deadline deadline) {
        return file.read(ALL, deadline);
    }

    private Replicas replicas(int nasPriority, int cloudPriority) {
        return new Replicas(
                List.of(member(nas, nasPriority), member(cloud, cloudPriority)),
                ReplicaOptions.defaults(),
                testing.services);
    }

    private static ReplicaOrigin member(Place place, int priority) {
        return new ReplicaOrigin(place.guard, place.guard::snapshot, priority);
    }
}
