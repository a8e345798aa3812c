package dev.musicfs.library;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.FaultyOrigin.Method;
import dev.musicfs.testkit.ManualWatch;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a listing does not show, and times that cannot be believed. */
final class DoubtfulListingTest extends SyncBench {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);

    @Test
    void removesWhatIsGoneAfterACompleteListing() {
        firstScan();
        origin.remove("album/b.mp3");
        origin.remove("album/cover.jpg");
        origin.remove("other");
        assertThat(await(sync.reconcile()).removed()).isEqualTo(3);
        assertThat(texts(catalog.takeChanges()))
                .containsExactly(
                        "removed other/disc 1/c.opus",
                        "removed album/b.mp3",
                        "removed album/cover.jpg",
                        "no folder other/disc 1",
                        "no folder other",
                        "covers album none")
                .hasSize(6);
    }

    @Test
    @Resilience({"B.2", "R.4"})
    void aDirectoryThatCannotBeListedKeepsWhatItHadAndNothingElse() {
        firstScan();
        origin.remove("album/b.mp3");
        origin.remove("other/disc 1/c.opus");
        origin.put("album/new.flac", 1, 1, 1);
        faulty.mode(
                new OriginMode.AuthRejected(),
                call -> call.equals(new FaultyOrigin.Call(Method.LIST, new RealPath("other/disc 1"))));
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.failedDirectories()).isEqualTo(1);
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder("added album/new.flac", "removed album/b.mp3", "covers album cover.jpg");
        assertThat(sync.unknown()).containsExactly(new UnknownEntry(new RealPath("other/disc 1"), "rejected"));

        faulty.mode(new OriginMode.Healthy());
        assertThat(await(sync.reconcile()).removed()).isOne();
        assertThat(sync.unknown()).isEmpty();
    }

    @Test
    @Resilience("R.4")
    void anEntryThatCannotBeLookedAtIsKeptWhenItIsKnownAndNotShownWhenItIsNew() {
        firstScan();
        MusicFsException dead =
                MusicFsException.wrap("cannot look", new java.io.IOException("Transport endpoint is not connected"));
        origin.unknown("album/a.flac", dead);
        origin.unknown("album/cover.jpg", dead);
        origin.unknown("other", dead);
        origin.unknown("album/strange.flac", dead);
        origin.remove("album/b.mp3");
        origin.put("album/new.flac", 1, 1, 1);

        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.unknownEntries()).isEqualTo(4);
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder("added album/new.flac", "removed album/b.mp3", "covers album cover.jpg");
        assertThat(sync.unknown())
                .extracting(each -> each.path() + " " + each.reason())
                .containsExactly(
                        "album/a.flac ENOTCONN",
                        "album/cover.jpg ENOTCONN",
                        "album/strange.flac ENOTCONN",
                        "other ENOTCONN");

        origin.remove("other");
        origin.put("album/a.flac", 10, 1, 10);
        assertThat(await(sync.reconcile()).removed()).isOne();
        assertThat(sync.unknown()).extracting(each -> each.path().value()).doesNotContain("album/a.flac", "other");
    }

    @Test
    @Resilience({"B.2", "R.4"})
    void whenManyCannotBeLookedAtBecauseTheOriginIsGoingTheRoundFails() {
        firstScan();
        origin.unknown("other", new MusicFsException(FailureKind.UNAVAILABLE, "input/output error"));
        origin.remove("album/b.mp3");
        faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE), call -> call.method() == Method.PROBE);
        assertThatThrownBy(() -> await(sync.reconcile())).hasRootCauseInstanceOf(MusicFsException.class);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsNamedUntilItCan() {
        unreadable.add("album/b.mp3");
        firstScan();
        assertThat(sync.unknown()).containsExactly(new UnknownEntry(new RealPath("album/b.mp3"), "rejected"));
        unreadable.clear();
        await(sync.reconcile());
        assertThat(sync.unknown()).isEmpty();
    }

    @Test
    @Resilience("5.6")
    void aJumpOfTheClockRemovesNothingAndReadsNothing() {
        firstScan();
        int before = tagsRead.get();
        for (Duration jump : List.of(TEN_YEARS, TEN_YEARS.multipliedBy(-2), TEN_YEARS)) {
            clock.jump(jump);
            await(sync.reconcile());
            faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
            assertThatThrownBy(() -> await(sync.reconcile())).hasRootCauseInstanceOf(MusicFsException.class);
            faulty.mode(new OriginMode.Healthy());
        }
        assertThat(catalog.takeBatches()).isEmpty();
        assertThat(tagsRead).hasValue(before);
    }

    @Test
    @Resilience("5.6")
    void aFileThatWasReadInTheInstantOfItsChangeIsReadOnceMoreAndThenBelieved() {
        firstScan();
        origin.put("album/young.flac", 20, clock.wallNanos(), 20);
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges())).contains("added album/young.flac");

        // It changes within the same instant, and keeps its size.
        titles.put("album/young.flac", "another");
        clock.advance(Duration.ofSeconds(10));
        int before = tagsRead.get();
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges())).containsExactly("updated album/young.flac album/young.flac");
        assertThat(catalog.at("album/young.flac").tags().title()).isEqualTo("another");
        assertThat(tagsRead).hasValue(before + 1);
        await(sync.reconcile());
        assertThat(tagsRead).hasValue(before + 1);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("5.6")
    void aFileFromTheFutureIsReadOnceMoreAndThenBelieved() {
        firstScan();
        origin.put("album/later.flac", 20, clock.wallNanos() + TEN_YEARS.toNanos(), 20);
        await(sync.reconcile());
        catalog.takeBatches();
        int before = tagsRead.get();
        await(sync.reconcile());
        await(sync.reconcile());
        assertThat(tagsRead).hasValue(before + 1);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("5.6")
    void aTimeInWholeSecondsIsDoubtedForTwoOfThem() {
        firstScan();
        long second = Duration.ofNanos(clock.wallNanos()).toSeconds();
        origin.put("album/old.flac", 20, Duration.ofSeconds(second - 2).toNanos(), 20);
        origin.put("album/young.flac", 20, Duration.ofSeconds(second - 1).toNanos(), 21);
        await(sync.reconcile());
        int before = tagsRead.get();
        await(sync.reconcile());
        assertThat(tagsRead).hasValue(before + 1);
    }

    @Test
    @Resilience("B.2")
    void removesNothingWhenTheOriginIsGone() {
        firstScan();
        faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
        assertThatThrownBy(() -> await(sync.reconcile())).hasRootCauseInstanceOf(MusicFsException.class);
        assertThatThrownBy(() -> await(sync.refresh(changes("album")))).hasRootCauseInstanceOf(MusicFsException.class);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("B.2")
    void holdsAMassRemovalUntilItIsAccepted() {
        fillMany(100);
        firstScan();
        faulty.mode(new OriginMode.EmptyListing());
        SyncSummary held = await(sync.reconcile());
        assertThat(held.heldRemovals()).isEqualTo(104);
        await(sync.refresh(changes("")));
        assertThat(catalog.takeBatches()).isEmpty();

        await(sync.stop());
        sync = sync(SyncOptions.defaults().withAcceptMassRemovals(true));
        assertThat(await(sync.reconcile()).removed()).isEqualTo(104);
        assertThat(catalog.size()).isZero();
    }

    @Test
    void neverTakesAnEmptyRootForTheRemovalOfEvenAFewFiles() {
        firstScan();
        origin.remove("album");
        origin.remove("other");
        origin.remove(".trash");
        assertThat(await(sync.reconcile()).heldRemovals()).isEqualTo(4);
        await(sync.refresh(changes("")));
        await(sync.refresh(changes("album", "other/disc 1")));
        assertThat(catalog.takeBatches()).isEmpty();

        origin.put("other/disc 1/c.opus", 15, 1, 15);
        assertThat(await(sync.reconcile()).removed()).isEqualTo(3);
    }

    @Test
    void looksAgainForADiskThatCameBack() throws Exception {
        firstScan();
        await(sync.stop());
        SyncOptions defaults = SyncOptions.defaults();
        sync = sync(new SyncOptions(
                defaults.batchSize(),
                defaults.massRemovalPercent(),
                defaults.massRemovalMinimum(),
                false,
                defaults.tagReaders(),
                java.time.Duration.ofMillis(50),
                defaults.moveWindow()));
        faulty.mode(new OriginMode.EmptyListing());
        origin.watch(new ManualWatch());
        progress.clear();
        await(sync.start());
        awaitRound();
        origin.put("album/new.flac", 1, 1, 1);
        faulty.mode(new OriginMode.Healthy());
        for (int i = 0; i < 200 && catalog.at(new RealPath("album/new.flac")).isEmpty(); i++) {
            awaitRound();
        }
        assertThat(catalog.at(new RealPath("album/new.flac"))).isPresent();
    }

    @Test
    @Resilience("B.2")
    void removesNothingWhenTheProbeGetsNoAnswer() {
        firstScan();
        origin.remove("other");
        Failpoints.arm(Failpoint.HEALTH_CHECK_HANG, "1*return(TIMEOUT)");

        assertThatThrownBy(() -> await(sync.reconcile())).hasMessageContaining("failpoint health-check-hang");
        assertThat(catalog.takeBatches()).isEmpty();
        assertThat(await(sync.reconcile()).removed()).isOne();
    }
}
