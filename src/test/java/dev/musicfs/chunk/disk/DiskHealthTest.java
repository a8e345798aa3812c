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

final class DiskHealthTest {
    private static final DiskFailure BROKEN = new DiskFailure(FailureKind.UNAVAILABLE, true, "Input/output error");
    private static final DiskHealth.Result GOOD =
            new DiskHealth.Result(StoreState.NORMAL, FailureKind.UNAVAILABLE, "it works again");
    private static final DiskHealth.Result BAD =
            new DiskHealth.Result(StoreState.UNWRITABLE, FailureKind.READ_ONLY, "read-only");

    private final ManualClock clock = new ManualClock();
    private final List<String> changes = new ArrayList<>();
    private final List<Long> probes = new ArrayList<>();
    private DiskHealth.Result result = GOOD;
    private Duration probeTakes = Duration.ZERO;

    private final DiskHealth health = new DiskHealth(
            clock,
            () -> {
                probes.add(Duration.ofNanos(clock.monotonicNanos()).toSeconds());
                clock.advance(probeTakes);
                return result;
            },
            new DiskHealth.Bounds(4, 2, Duration.ofSeconds(2), Duration.ofSeconds(10), 3),
            (from, to, reason) -> changes.add(from + " " + to + ": " + reason));

    @Test
    void triesAfterOneTwoFiveFifteenAndThenEveryThirtySeconds() {
        result = BAD;
        health.writeFailed(BROKEN);
        passSeconds(120);
        assertThat(probes).containsExactly(1L, 3L, 8L, 23L, 53L, 83L, 113L);
        assertThat(changes).containsExactly("NORMAL UNWRITABLE: writing fails: Input/output error");
        result = GOOD;
        passSeconds(30);
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        passSeconds(60);
        assertThat(probes).hasSize(8);
        assertThat(changes).hasSize(2).last().isEqualTo("UNWRITABLE NORMAL: it works again");
        assertThat(health.counts().failedProbes()).isEqualTo(7);
    }

    @Test
    void triesARelapsedDiskLessAndLessOften() {
        for (int i = 0; i < 4; i++) {
            health.writeFailed(BROKEN);
            int before = probes.size();
            while (probes.size() == before) {
                passSeconds(1);
            }
        }
        assertThat(probes).containsExactly(1L, 3L, 8L, 23L);
        passSeconds(61);
        health.writeFailed(BROKEN);
        passSeconds(1);
        assertThat(probes).hasSize(5);
    }

    @Test
    void onlyFailuresInARowMakeItUnusable() {
        for (int i = 0; i < 10; i++) {
            health.readFailed(BROKEN);
            health.readFailed(BROKEN);
            try (DiskSlot slot = health.enterToRead()) {
                slot.succeeded();
            }
        }
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        assertThat(health.counts().failedReads()).isEqualTo(20);
    }

    @Test
    void aReadThatDoesNotEndMakesItUnusableAndOneTrialIsEnoughDespiteIt() {
        DiskSlot hung = health.enterToRead();
        clock.advance(Duration.ofSeconds(2));
        health.tickBlocking();
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        passSeconds(1);
        assertThat(health.state()).isEqualTo(StoreState.UNUSABLE);
        assertFails(FailureKind.UNAVAILABLE, health::enterToRead);
        assertFails(FailureKind.UNAVAILABLE, health::enterToWrite);
        passSeconds(60);
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        assertThat(probes).hasSize(1);
        health.enterToRead().close();
        hung.close();
        assertThat(changes)
                .containsExactly("NORMAL UNUSABLE: a read has not ended within 2 s", "UNUSABLE NORMAL: it works again");
        assertThat(health.counts().hung()).isEqualTo(1);
    }

    @Test
    void aWriteThatDoesNotEndLeavesReadingAlone() {
        DiskSlot hung = health.enterToWrite();
        passSeconds(11);
        assertThat(health.state()).isEqualTo(StoreState.UNWRITABLE);
        assertFails(FailureKind.UNAVAILABLE, health::enterToWrite);
        health.enterToRead().close();
        hung.close();
    }

    @Test
    void isNotTrustedAgainWhileHalfOfItsPlacesHang() {
        DiskSlot one = health.enterToRead();
        DiskSlot two = health.enterToRead();
        passSeconds(60);
        assertThat(probes).isNotEmpty();
        assertThat(health.state()).isEqualTo(StoreState.UNUSABLE);
        one.close();
        passSeconds(30);
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        two.close();
    }

    @Test
    void admitsSoManyAtOnceAndAsManyAgainWhenTheyLeave() {
        List<DiskSlot> visits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            visits.add(health.enterToRead());
        }
        assertFails(FailureKind.UNAVAILABLE, health::enterToRead);
        health.enterToWrite().close();
        visits.get(2).close();
        health.enterToRead().close();
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        assertThat(health.counts().refused()).isEqualTo(1);
    }

    @Test
    void aTrialThatTakesTooLongProvesNothing() {
        health.writeFailed(BROKEN);
        probeTakes = Duration.ofSeconds(11);
        passSeconds(1);
        assertThat(probes).hasSize(1);
        assertThat(health.state()).isEqualTo(StoreState.UNWRITABLE);
    }

    @Test
    void noSpaceAndMissingFilesSayNothingAboutTheDisk() {
        health.writeFailed(new DiskFailure(FailureKind.NO_SPACE, false, "No space left on device"));
        for (int i = 0; i < 5; i++) {
            health.readFailed(new DiskFailure(FailureKind.NOT_FOUND, false, "is not there"));
        }
        assertThat(health.state()).isEqualTo(StoreState.NORMAL);
        assertThat(changes).isEmpty();
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            health.tickBlocking();
        }
    }
}
