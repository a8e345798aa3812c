package dev.musicfs.library;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.ManualWatch;
import dev.musicfs.testkit.Resilience;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LibrarySyncTest extends SyncBench {
    @Test
    void publishesEverythingItKnowsHowToPlayOnTheFirstScan() {
        SyncSummary summary = await(sync.reconcile());

        assertThat(summary)
                .isEqualTo(new SyncSummary(
                        4, 4, 0, 0, Optional.empty(), 0, 0, 0, Map.of("being no music", 1L, ".Trash", 1L, "._*", 1L)));
        assertThat(catalog.at("album/cover.jpg").kind()).isEqualTo(FileKind.COVER);
        assertThat(catalog.at("album/a.flac").tags().title()).isEqualTo("a.flac");
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder(
                        "folder album",
                        "folder other",
                        "folder other/disc 1",
                        "added album/cover.jpg",
                        "added album/a.flac",
                        "added album/b.mp3",
                        "covers album cover.jpg",
                        "added other/disc 1/c.opus");
        assertThat(progress.stream().reduce((a, b) -> b).orElseThrow().done()).isTrue();
    }

    @Test
    void publishesNothingWhenNothingChanged() {
        firstScan();
        int before = tagsRead.get();
        await(sync.reconcile());
        assertThat(catalog.takeBatches()).isEmpty();
        assertThat(tagsRead).hasValue(before);
    }

    @Test
    void readsAChangedFileAnewUnderItsOldNumber() {
        firstScan();
        long id = catalog.at("album/a.flac").id();
        origin.put("album/a.flac", 10, 2, 10);
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges()))
                .containsExactly("updated album/a.flac album/a.flac", "covers album cover.jpg");
        assertThat(catalog.at("album/a.flac").id()).isEqualTo(id);
    }

    @Test
    void takesAFileThatMovedForTheSame() {
        firstScan();
        int before = tagsRead.get();
        origin.remove("album/a.flac");
        origin.put("a new place/z.flac", 10, 1, 10);
        origin.remove("other");
        origin.put("zz/c.opus", 15, 1, 15);
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder(
                        "folder a new place",
                        "folder zz",
                        "updated album/a.flac a new place/z.flac",
                        "updated other/disc 1/c.opus zz/c.opus",
                        "no folder other/disc 1",
                        "no folder other");
        assertThat(tagsRead).hasValue(before);
    }

    /** As a tagger leaves it: the notice of the change in the directory comes when the directory has another name. */
    @Test
    void takesFilesForTheSameWhenOnlyTheOldNameOfTheirDirectoryIsLookedAt() {
        firstScan();
        long id = catalog.at("album/a.flac").id();
        int before = tagsRead.get();
        origin.remove("album");
        origin.put("album, remastered/a.flac", 10, 1, 10);
        await(sync.refresh(changes("album")));
        assertThat(texts(catalog.takeChanges()))
                .contains("updated album/a.flac album, remastered/a.flac", "removed album/b.mp3");
        assertThat(catalog.at("album, remastered/a.flac").id()).isEqualTo(id);
        assertThat(tagsRead).hasValue(before);
    }

    @Test
    void publishesInBoundedBatches() {
        fillMany(1_000);
        await(sync.reconcile());
        List<List<LibraryChange>> batches = catalog.takeBatches();
        assertThat(batches).hasSizeGreaterThanOrEqualTo(6).allMatch(batch -> batch.size() <= 200);
    }

    @Test
    void comesBackFromThousandsOfDirectoriesInOneAnother() {
        String bottom = "d/".repeat(1_500) + "a.flac";
        origin.put(bottom, 1, 1, 1);

        await(sync.reconcile());

        assertThat(catalog.at(bottom).tags().title()).isEqualTo("a.flac");
    }

    @Test
    void showsADamagedFileWithoutTagsAndSkipsAnUnreadableOne() {
        corrupt.add("album/a.flac");
        unreadable.add("album/b.mp3");
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.failedFiles()).isEqualTo(1);
        FileRow damaged = catalog.at("album/a.flac");
        assertThat(damaged.wellFormed()).isFalse();
        assertThat(damaged.tags()).isEqualTo(TrackTags.unknown("flac"));
        assertThat(catalog.at(new RealPath("album/b.mp3"))).isEmpty();
    }

    @Test
    void handsOnTheLayoutOfAFileTogetherWithTheFile() {
        AudioLayout first = new AudioLayout(4, 10, List.of(new ByteRange(1, 2)), "");
        layouts.put("album/a.flac", first);
        await(sync.reconcile());
        assertThat(layoutsIn(catalog.takeChanges())).containsExactly("album/a.flac " + first);

        AudioLayout second = new AudioLayout(5, 12, List.of(), "");
        layouts.put("album/a.flac", second);
        origin.put("album/a.flac", 12, 2, 10);
        await(sync.reconcile());
        assertThat(layoutsIn(catalog.takeChanges())).containsExactly("album/a.flac " + second);
    }

    @Test
    void handsOnNoLayoutOfADamagedFileOrOneThatIsLongerThanTheFileWasListed() {
        layouts.put("album/a.flac", new AudioLayout(0, 10, List.of(), ""));
        corrupt.add("album/a.flac");
        layouts.put("album/b.mp3", new AudioLayout(0, 12, List.of(), ""));
        layouts.put("other/disc 1/c.opus", new AudioLayout(0, 15, List.of(new ByteRange(15, 1)), ""));
        assertThat(await(sync.reconcile()).added()).isEqualTo(4);
        assertThat(layoutsIn(catalog.takeChanges())).isEmpty();
        assertThat(catalog.at("album/b.mp3").wellFormed()).isTrue();
    }

    @Test
    void keepsAKnownFileThatCannotBeReadAnyMore() {
        firstScan();
        unreadable.add("album/a.flac");
        origin.put("album/a.flac", 99, 2, 10);
        await(sync.reconcile());
        assertThat(catalog.at("album/a.flac").version().sizeBytes()).isEqualTo(10);
    }

    @Test
    void refreshesOneDirectoryWithWhatIsNewAndGoneBelowIt() {
        firstScan();
        origin.put("other/disc 2/x/d.flac", 1, 1, 1);
        origin.remove("other/disc 1");
        origin.put("album/unseen.flac", 2, 2, 2);
        await(sync.refresh(changes("other", "other/disc 2", "other/disc 2/x", "other/disc 1", ".trash")));
        assertThat(texts(catalog.takeChanges()))
                .containsExactly(
                        "folder other/disc 2",
                        "folder other/disc 2/x",
                        "added other/disc 2/x/d.flac",
                        "removed other/disc 1/c.opus",
                        "no folder other/disc 1");
    }

    @Test
    void givesADiscThatArrivesTheCoverOfItsAlbum() {
        firstScan();
        origin.put("album/disc 2/d.flac", 1, 1, 1);
        await(sync.refresh(changes("album")));
        assertThat(texts(catalog.takeChanges())).endsWith("added album/disc 2/d.flac", "covers album cover.jpg");
        origin.put("album/disc 2/e.flac", 2, 1, 2);
        await(sync.refresh(changes("album/disc 2")));
        assertThat(texts(catalog.takeChanges())).containsExactly("added album/disc 2/e.flac", "covers album cover.jpg");
    }

    @Test
    void reconcilesAndThenFollowsTheWatch() throws Exception {
        ManualWatch watch = new ManualWatch();
        origin.watch(watch);
        await(sync.start());
        awaitRound();
        assertThat(catalog.size()).isEqualTo(4);
        origin.put("album/new.flac", 1, 1, 1);
        watch.changed("album");
        awaitRound();
        assertThat(catalog.at("album/new.flac").tags().title()).isEqualTo("new.flac");
    }

    @Test
    @Resilience("2.5")
    void goesOnWhereARoundBrokeOffAfterABatch() {
        fillMany(1_000);
        Failpoints.arm(Failpoint.DELTA_SYNC_AFTER_BATCH, "2*off->1*return");

        assertThatThrownBy(() -> await(sync.reconcile())).hasMessageContaining("failpoint delta-sync-after-batch");
        assertThat(catalog.takeBatches()).hasSize(3);
        int before = tagsRead.get();
        SyncSummary rest = await(sync.reconcile());

        assertThat(rest.added()).isBetween(1L, 1_003L);
        assertThat(catalog.size()).isEqualTo(1_004);
        assertThat(tagsRead.get() - before).isEqualTo((int) rest.added() - coversIn(catalog.takeChanges()));
    }

    @Test
    void aRoundThatBreaksOffAtItsEndHasPublishedEverything() {
        Failpoints.arm(Failpoint.SYNC_CHECKPOINT, "1*return");

        assertThatThrownBy(() -> await(sync.reconcile())).hasMessageContaining("failpoint sync-checkpoint");
        assertThat(catalog.size()).isEqualTo(4);
        catalog.takeBatches();
        await(sync.reconcile());
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    void aDirectorySaysWhatOfItIsNoMusicAndIsListenedToWhenThatChanges() {
        origin.put("album/.musicfsignore", "b.mp3\ndemos/\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        origin.put("album/demos/x.flac", 3, 1, 77);
        await(sync.reconcile());
        assertThat(catalog.at(new RealPath("album/b.mp3"))).isEmpty();
        assertThat(catalog.at(new RealPath("album/demos/x.flac"))).isEmpty();
        assertThat(sync.passedOver()).containsEntry("album/.musicfsignore", 2L).containsEntry(".Trash", 1L);
        await(sync.refresh(changes("album/demos")));
        assertThat(catalog.at(new RealPath("album/demos/x.flac"))).isEmpty();

        origin.put("album/.musicfsignore", "a.flac".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        await(sync.refresh(changes("album")));
        assertThat(catalog.at(new RealPath("album/b.mp3"))).isPresent();
        assertThat(catalog.at(new RealPath("album/demos/x.flac"))).isPresent();
        assertThat(catalog.at(new RealPath("album/a.flac"))).isEmpty();
    }

    @Test
    void otherRulesShowWhatTheDefaultsPassOver() {
        await(sync.stop());
        sync = sync(
                SyncOptions.defaults().withLibrary(new dev.musicfs.config.LibraryConfig(List.of("*.mp3"), List.of())));
        await(sync.reconcile());
        assertThat(catalog.at(new RealPath(".trash/x.flac"))).isPresent();
        assertThat(catalog.at(new RealPath("album/b.mp3"))).isEmpty();
    }
}
