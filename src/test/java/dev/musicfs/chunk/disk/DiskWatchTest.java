package dev.musicfs.chunk.disk;

import static dev.musicfs.chunk.disk.DiskChunkFilesTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiskWatchTest {
    private static final DiskFailure BROKEN = new DiskFailure(FailureKind.UNAVAILABLE, true, "Input/output error");
    private static final DiskWatch.Result GOOD =
            new DiskWatch.Result(StoreState.NORMAL, FailureKind.UNAVAILABLE, "it works again");
    private static final DiskWatch.Result BAD =
            new DiskWatch.Result(StoreState.UNWRITABLE, FailureKind.READ_ONLY, "read-only");

    private final ManualClock clock = new ManualClock();
    private final List<String> changes = new ArrayList<>();
    private final List<Long> trials = new ArrayList<>();
    private DiskWatch.Result result = GOOD;
    private Duration trialTakes = Duration.ZERO;

    private final DiskWatch watch = new DiskWatch(
            clock,
            () -> {
                trials.add(Duration.ofNanos(clock.monotonicNanos()).toSeconds());
                clock.advance(trialTakes);
                return result;
            },
            new DiskWatch.Bounds(4, 2, Duration.ofSeconds(2), Duration.ofSeconds(10), 3),
            (from, to, reason) -> changes.add(from + " " + to + ": " + reason));

    @Test
    void triesAfterOneTwoFiveFifteenAndThenEveryThirtySeconds() {
        result = BAD;
        watch.writeFailed(BROKEN);
        passSeconds(120);
        assertThat(trials).containsExactly(1L, 3L, 8L, 23L, 53L, 83L, 113L);
        assertThat(changes).containsExactly("NORMAL UNWRITABLE: writing fails: Input/output error");
        result = GOOD;
        passSeconds(30);
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        passSeconds(60);
        assertThat(trials).hasSize(8);
        assertThat(changes).hasSize(2).last().isEqualTo("UNWRITABLE NORMAL: it works again");
        assertThat(watch.counts().failedTrials()).isEqualTo(7);
    }

    @Test
    void triesARelapsedDiskLessAndLessOften() {
        for (int i = 0; i < 4; i++) {
            watch.writeFailed(BROKEN);
            int before = trials.size();
            while (trials.size() == before) {
                passSeconds(1);
            }
        }
        assertThat(trials).containsExactly(1L, 3L, 8L, 23L);
        passSeconds(61);
        watch.writeFailed(BROKEN);
        passSeconds(1);
        assertThat(trials).hasSize(5);
    }

    @Test
    void onlyFailuresInARowMakeItUnusable() {
        for (int i = 0; i < 10; i++) {
            watch.readFailed(BROKEN);
            watch.readFailed(BROKEN);
            try (DiskVisit visit = watch.enterToRead()) {
                visit.succeeded();
            }
        }
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        assertThat(watch.counts().failedReads()).isEqualTo(20);
    }

    @Test
    void aReadThatDoesNotEndMakesItUnusableAndOneTrialIsEnoughDespiteIt() {
        DiskVisit hung = watch.enterToRead();
        clock.advance(Duration.ofSeconds(2));
        watch.tickBlocking();
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        passSeconds(1);
        assertThat(watch.state()).isEqualTo(StoreState.UNUSABLE);
        assertFails(FailureKind.UNAVAILABLE, watch::enterToRead);
        assertFails(FailureKind.UNAVAILABLE, watch::enterToWrite);
        passSeconds(60);
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        assertThat(trials).hasSize(1);
        watch.enterToRead().close();
        hung.close();
        assertThat(changes)
                .containsExactly("NORMAL UNUSABLE: a read has not ended within 2 s", "UNUSABLE NORMAL: it works again");
        assertThat(watch.counts().hung()).isEqualTo(1);
    }

    @Test
    void aWriteThatDoesNotEndLeavesReadingAlone() {
        DiskVisit hung = watch.enterToWrite();
        passSeconds(11);
        assertThat(watch.state()).isEqualTo(StoreState.UNWRITABLE);
        assertFails(FailureKind.UNAVAILABLE, watch::enterToWrite);
        watch.enterToRead().close();
        hung.close();
    }

    @Test
    void isNotTrustedAgainWhileHalfOfItsPlacesHang() {
        DiskVisit one = watch.enterToRead();
        DiskVisit two = watch.enterToRead();
        passSeconds(60);
        assertThat(trials).isNotEmpty();
        assertThat(watch.state()).isEqualTo(StoreState.UNUSABLE);
        one.close();
        passSeconds(30);
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        two.close();
    }

    @Test
    void admitsSoManyAtOnceAndAsManyAgainWhenTheyLeave() {
        List<DiskVisit> visits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            visits.add(watch.enterToRead());
        }
        assertFails(FailureKind.UNAVAILABLE, watch::enterToRead);
        watch.enterToWrite().close();
        visits.get(2).close();
        watch.enterToRead().close();
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        assertThat(watch.counts().refused()).isEqualTo(1);
    }

    @Test
    void aTrialThatTakesTooLongProvesNothing() {
        watch.writeFailed(BROKEN);
        trialTakes = Duration.ofSeconds(11);
        passSeconds(1);
        assertThat(trials).hasSize(1);
        assertThat(watch.state()).isEqualTo(StoreState.UNWRITABLE);
    }

    @Test
    void noSpaceAndMissingFilesSayNothingAboutTheDisk() {
        watch.writeFailed(new DiskFailure(FailureKind.NO_SPACE, false, "No space left on device"));
        for (int i = 0; i < 5; i++) {
            watch.readFailed(new DiskFailure(FailureKind.NOT_FOUND, false, "is not there"));
        }
        assertThat(watch.state()).isEqualTo(StoreState.NORMAL);
        assertThat(changes).isEmpty();
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            watch.tickBlocking();
        }
    }
}
