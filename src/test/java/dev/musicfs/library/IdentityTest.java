package dev.musicfs.library;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.InodeKey;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a file is, whatever its name, size and time say. */
final class IdentityTest extends SyncBench {
    @BeforeEach
    void scan() {
        track("d/a.mp3", "A", 100, 71, 1);
        track("d/b.mp3", "B", 200, 72, 2);
        firstScan();
    }

    private void track(String path, String title, long seconds, long inode, long changeNanos) {
        titles.put(path, title);
        durations.put(path, seconds * 1000);
        origin.put(path, 10, 7, inode, changeNanos);
    }

    private long idOf(String path) {
        return catalog.at(path).id();
    }

    private String titleAt(String path) {
        return catalog.at(path).tags().title();
    }

    @Test
    @Resilience("R.9")
    void aRetagWithTheSameSizeAndTimeIsSeenInPlaceAndByAnotherInode() {
        long a = idOf("d/a.mp3");
        long b = idOf("d/b.mp3");
        track("d/a.mp3", "A2", 100, 71, 11);
        track("d/b.mp3", "B2", 200, 82, 12);
        await(sync.refresh(changes("d")));
        assertThat(titleAt("d/a.mp3")).isEqualTo("A2");
        assertThat(titleAt("d/b.mp3")).isEqualTo("B2");
        assertThat(List.of(idOf("d/a.mp3"), idOf("d/b.mp3"))).containsExactly(a, b);
    }

    @Test
    @Resilience("R.9")
    void songsWhoseNamesWereExchangedKeepEachItsNumber() {
        long a = idOf("d/a.mp3");
        long b = idOf("d/b.mp3");
        track("d/b.mp3", "A", 100, 71, 11);
        track("d/a.mp3", "B", 200, 72, 12);
        await(sync.refresh(changes("d")));
        assertThat(List.of(idOf("d/b.mp3"), idOf("d/a.mp3"))).containsExactly(a, b);
        assertThat(List.of(titleAt("d/a.mp3"), titleAt("d/b.mp3"))).containsExactly("B", "A");
    }

    @Test
    @Resilience("R.9")
    void aSongThatWasMovedOverAnotherTakesItsPlaceAndTheOtherIsGone() {
        long a = idOf("d/a.mp3");
        origin.remove("d/a.mp3");
        track("d/b.mp3", "A", 100, 71, 11);
        catalog.takeBatches();
        await(sync.refresh(changes("d")));
        assertThat(idOf("d/b.mp3")).isEqualTo(a);
        assertThat(catalog.at(new RealPath("d/a.mp3"))).isEmpty();
        assertThat(texts(catalog.takeChanges())).containsExactly("updated d/a.mp3 d/b.mp3", "removed d/b.mp3");
    }

    @Test
    @Resilience("R.9")
    void thirtyFilesThatWereRetaggedAndRenamedAreMovedAndNothingIsHeld() {
        for (int i = 0; i < 30; i++) {
            track("new/" + i + ".mp3", "t" + i, 300 + i, 500 + i, 3);
        }
        await(sync.reconcile());
        List<Long> before = numbers("new/%d.mp3");
        for (int i = 0; i < 30; i++) {
            origin.remove("new/" + i + ".mp3");
            titles.put("Right/Alb/" + i + ".mp3", "Title " + i);
            durations.put("Right/Alb/" + i + ".mp3", (300 + i) * 1000L);
            origin.put("Right/Alb/" + i + ".mp3", 12, 9, 500 + i, 13);
        }
        origin.remove("new");
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.held()).isEmpty();
        assertThat(summary.added()).isZero();
        assertThat(numbers("Right/Alb/%d.mp3")).isEqualTo(before);
        assertThat(titleAt("Right/Alb/7.mp3")).isEqualTo("Title 7");
    }

    private List<Long> numbers(String pattern) {
        return java.util.stream.IntStream.range(0, 30)
                .mapToObj(i -> idOf(String.format(java.util.Locale.ROOT, pattern, i)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Resilience("R.9")
    void aTrackOfTheSameLengthThatWasGivenADeletedOnesInodeIsAnother(boolean birthsTold) {
        OptionalLong birth = birthsTold ? OptionalLong.of(1) : OptionalLong.empty();
        OptionalLong later = birthsTold ? OptionalLong.of(20) : OptionalLong.empty();
        AudioLayout layout = new AudioLayout(0, 10, List.of(), "");
        layouts.put("f/a.mp3", layout);
        layouts.put("f/c.mp3", layout);
        track("f/a.mp3", "A", 100, 91, 1);
        origin.put("f/a.mp3", 10, 7, 91, 1, birth);
        await(sync.refresh(changes("f")));
        long a = idOf("f/a.mp3");
        origin.remove("f/a.mp3");
        track("f/c.mp3", "C", 100, 91, 20);
        origin.put("f/c.mp3", 10, 7, 91, 20, later);
        await(sync.refresh(changes("f")));
        assertThat(idOf("f/c.mp3")).isNotEqualTo(a);
        assertThat(titleAt("f/c.mp3")).isEqualTo("C");
        assertThat(catalog.at(new RealPath("f/a.mp3"))).isEmpty();
    }

    @Test
    @Resilience("R.9")
    void ofSeveralWithTheSameAudioTheOneWithANameInCommonIsMeantAndOtherwiseNone() {
        AudioLayout audio = new AudioLayout(40, 1_000, List.of(), "0123456789abcdef");
        for (String path : List.of("far/x.flac", "far/y.flac", "far/z.flac", "new/y.flac", "new/w.flac")) {
            layouts.put(path, audio);
            titles.put(path, path);
        }
        for (String path : List.of("far/x.flac", "far/y.flac", "far/z.flac")) {
            origin.put(path, 1_000, 1, 0);
        }
        await(sync.reconcile());
        long y = idOf("far/y.flac");
        List<Long> others = List.of(idOf("far/x.flac"), idOf("far/z.flac"));
        origin.remove("far");
        origin.put("new/w.flac", 1_000, 2, 0);
        origin.put("new/y.flac", 1_000, 2, 0);
        await(sync.reconcile());
        assertThat(idOf("new/y.flac")).isEqualTo(y);
        assertThat(idOf("new/w.flac")).isNotIn(y, others.get(0), others.get(1));
    }

    @Test
    @Resilience("R.9")
    void aCopyUnderAnotherNameDoesNotTakeThePlaceOfTheOneThatWasMoved() {
        AudioLayout audio = new AudioLayout(40, 1_000, List.of(), "0123456789abcdef");
        for (String path : List.of("far/x.flac", "new/x.flac", "new/a copy.flac")) {
            layouts.put(path, audio);
            titles.put(path, path);
        }
        origin.put("far/x.flac", 1_000, 1, 0);
        await(sync.reconcile());
        long x = idOf("far/x.flac");
        origin.remove("far");
        origin.put("new/a copy.flac", 1_000, 2, 0);
        origin.put("new/x.flac", 1_000, 2, 0);
        await(sync.reconcile());
        assertThat(idOf("new/x.flac")).isEqualTo(x);
    }

    @Test
    @Resilience("R.9")
    void whereBirthsAreNotToldARenamedTrackIsKnownByItsSoundAndItsTitle() {
        AudioLayout layout = new AudioLayout(0, 10, List.of(), "");
        layouts.put("f/a.mp3", layout);
        layouts.put("f/z.mp3", layout);
        track("f/a.mp3", "A", 100, 91, 1);
        origin.put("f/a.mp3", 10, 7, 91, 1, OptionalLong.empty());
        await(sync.refresh(changes("f")));
        long a = idOf("f/a.mp3");
        origin.remove("f/a.mp3");
        track("f/z.mp3", "A", 100, 91, 20);
        origin.put("f/z.mp3", 10, 7, 91, 20, OptionalLong.empty());
        await(sync.refresh(changes("f")));
        assertThat(idOf("f/z.mp3")).isEqualTo(a);
    }

    @Test
    @Resilience("R.9")
    void theKeysOfAnOlderProgramAreTakenForTheSameInodes() {
        origin.put("old/z.mp3", 10, 7, 90);
        await(sync.reconcile());
        long z = idOf("old/z.mp3");
        assertThat(catalog.at("old/z.mp3").fileKey()).isEqualTo(90);
        catalog.takeBatches();
        int before = tagsRead.get();
        origin.put("old/z.mp3", 10, 7, 90, 44);
        await(sync.refresh(changes("old")));
        assertThat(texts(catalog.takeChanges())).containsExactly("identified old/z.mp3");
        assertThat(tagsRead).hasValue(before);
        assertThat(idOf("old/z.mp3")).isEqualTo(z);
        assertThat(InodeKey.isUnique(catalog.at("old/z.mp3").fileKey())).isTrue();
    }

    @Test
    @Resilience("R.9")
    void withoutInodesTheSameAudioIsTheSameTrack() {
        layouts.put("far/x.flac", new AudioLayout(40, 1_000, List.of(), "0123456789abcdef"));
        origin.put("far/x.flac", 1_000, 1, 0);
        await(sync.reconcile());
        long x = idOf("far/x.flac");
        origin.remove("far");
        layouts.put("far/y/01 x.flac", new AudioLayout(90, 1_050, List.of(), "0123456789abcdef"));
        origin.put("far/y/01 x.flac", 1_050, 2, 0);
        await(sync.reconcile());
        assertThat(idOf("far/y/01 x.flac")).isEqualTo(x);
    }

    @Test
    @Resilience("R.9")
    void anEditThroughOneNameIsSeenUnderTheOthers() {
        titles.put("e/link.mp3", "A");
        durations.put("e/link.mp3", 100_000L);
        origin.put("e/link.mp3", 10, 7, 71, 1);
        await(sync.reconcile());
        titles.put("d/a.mp3", "edited");
        titles.put("e/link.mp3", "edited");
        origin.put("d/a.mp3", 10, 7, 71, 30);
        origin.put("e/link.mp3", 10, 7, 71, 30);
        await(sync.refresh(changes("d")));
        assertThat(titleAt("e/link.mp3")).isEqualTo("edited");
    }

    @Test
    @Resilience("R.9")
    void filesThatWereEncodedAnewNeedNoConfirmation() {
        for (int i = 0; i < 30; i++) {
            track("wav/" + i + ".wav", "W" + i, i, 800 + i, 1);
        }
        await(sync.reconcile());
        for (int i = 0; i < 30; i++) {
            origin.remove("wav/" + i + ".wav");
            titles.put("wav/" + i + ".flac", "W" + i);
            durations.put("wav/" + i + ".flac", i * 1000L);
            origin.put("wav/" + i + ".flac", 6, 9, 900 + i, 5);
        }
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.held()).isEmpty();
        assertThat(summary.removed()).isEqualTo(30);
        assertThat(catalog.at(new RealPath("wav/3.wav"))).isEmpty();
    }

    @Test
    @Resilience({"B.2", "R.9"})
    void whatIsHeldIsRemovedOnceItIsConfirmedAndNoMoreThanThat() {
        fillMany(100);
        await(sync.reconcile());
        origin.remove("many");
        await(sync.reconcile());
        assertThat(sync.held().orElseThrow().why()).contains("100 of ").contains("they are kept");

        faulty.mode(new OriginMode.EmptyListing());
        assertThat(sync.confirmRemovals()).map(HeldRemovals::files).contains(100L);
        await(sync.refresh(new OriginChanges(Set.of(), true)));
        assertThat(catalog.at(new RealPath("d/a.mp3"))).isPresent();

        faulty.mode(new OriginMode.Healthy());
        await(sync.reconcile());
        assertThat(sync.held()).map(HeldRemovals::files).contains(100L);
        assertThat(sync.confirmRemovals()).isPresent();
        await(sync.reconcile());
        assertThat(catalog.at(new RealPath("many/3.flac"))).isEmpty();
        assertThat(sync.held()).isEqualTo(Optional.empty());
        assertThat(catalog.takeChanges()).anyMatch(LibraryChange.Removed.class::isInstance);
    }
}
