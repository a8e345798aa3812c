package dev.musicfs.tree;

import static dev.musicfs.tree.Tracks.cover;
import static dev.musicfs.tree.Tracks.retagged;
import static dev.musicfs.tree.Tracks.tags;
import static dev.musicfs.tree.Tracks.track;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.RealPath;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TreeUpdaterTest extends UpdaterFixture {
    private final FileRow one = track(1, "d/1.flac", tags("A", "B", 1, "x"));
    private final FileRow two = track(2, "d/2.flac", tags("A", "B", 2, "y"));
    private final FileRow picture = cover(3, "d/folder.jpg");

    @Test
    void collisionsAreNumberedInTheOrderOfPathsAndStay() {
        FileRow b = track(1, "b.flac", one.tags());
        FileRow a = track(2, "a.flac", one.tags());
        add(b, a);
        assertThat(at("/A/B [FLAC]/01 - x.flac").fileId()).isEqualTo(2);
        assertThat(at("/A/B [FLAC]/01 - x (2).flac").fileId()).isEqualTo(1);
        add(track(3, "0.flac", one.tags()));
        assertThat(at("/A/B [FLAC]/01 - x (3).flac").fileId()).isEqualTo(3);
        apply(new LibraryChange.Removed(a));
        apply(new LibraryChange.Updated(b, retagged(b, b.tags())));
        assertThat(paths())
                .containsExactly("/A/", "/A/B [FLAC]/", "/A/B [FLAC]/01 - x (2).flac", "/A/B [FLAC]/01 - x (3).flac");
    }

    @Test
    void aRetagThatKeepsThePathChangesOnlySizeAndTime() {
        add(one);
        NodeRow before = at("/A/B [FLAC]/01 - x.flac");
        wallNanos.set(5000);
        apply(new LibraryChange.Updated(one, retagged(one, one.tags())));
        assertThat(at("/A/B [FLAC]/01 - x.flac"))
                .isEqualTo(new NodeRow(before.id(), before.parent(), before.name(), 1, 200, 9));
        assertThat(at("/A/B [FLAC]").mtimeNanos()).isEqualTo(1000);
    }

    @Test
    void theLayoutOfAFileIsStoredInTheTransactionOfTheFile() {
        AudioLayout layout = AudioLayout.unknown(100);
        apply(new LibraryChange.Added(one, Optional.of(layout)), new LibraryChange.Added(two));
        assertThat(catalog.transactions).singleElement().satisfies(list -> assertThat(list)
                .containsSubsequence(new Mutation.PutFile(one), new Mutation.PutLayout(one.id(), one.version(), layout))
                .filteredOn(Mutation.OfManifest.class::isInstance)
                .hasSize(1));
        FileRow after = retagged(one, one.tags());
        apply(new LibraryChange.Updated(one, after, Optional.of(layout)));
        assertThat(catalog.transactions.get(1))
                .containsSubsequence(
                        new Mutation.PutFile(after), new Mutation.PutLayout(one.id(), after.version(), layout));
    }

    @Test
    void aMoveKeepsTheIdAndEmptyDirectoriesVanish() {
        add(one);
        NodeId id = at("/A/B [FLAC]/01 - x.flac").id();
        wallNanos.set(5000);
        apply(new LibraryChange.Updated(one, retagged(one, tags("Z", "B", 1, "x"))));
        assertThat(paths()).containsExactly("/Z/", "/Z/B [FLAC]/", "/Z/B [FLAC]/01 - x.flac");
        assertThat(at("/Z/B [FLAC]/01 - x.flac").id()).isEqualTo(id);
        assertThat(at("/").mtimeNanos()).isEqualTo(5000);
        apply(new LibraryChange.Removed(catalog.fileBlocking(1).orElseThrow()));
        assertThat(paths()).isEmpty();
        assertThat(catalog.transactions).hasSize(3);
    }

    @Test
    void twoTracksCanSwapNamesAndPaths() {
        add(one, two);
        NodeId id = at("/A/B [FLAC]/01 - x.flac").id();
        updater.attach(announcer);
        FileRow oneNow = new FileRow(1, one.origin(), two.path(), one.kind(), one.version(), 0, two.tags(), true);
        FileRow twoNow = new FileRow(2, one.origin(), one.path(), one.kind(), one.version(), 0, one.tags(), true);
        apply(new LibraryChange.Updated(one, oneNow), new LibraryChange.Updated(two, twoNow));
        assertThat(at("/A/B [FLAC]/02 - y.flac").id()).isEqualTo(id);
        assertThat(at("/A/B [FLAC]/01 - x.flac").fileId()).isEqualTo(2);
        assertThat(announcer.events).hasSize(4);
        // A removal would take their manifests and pins along.
        assertThat(catalog.transactions)
                .allSatisfy(list -> assertThat(list).doesNotHaveAnyElementsOfTypes(Mutation.RemoveFile.class));
    }

    @Test
    void aCoverLiesWhereAllTracksOfItsFolderLie() {
        add(one, two, picture);
        assertThat(at("/A/B [FLAC]/cover.jpg").fileId()).isEqualTo(3);
        NodeId id = at("/A/B [FLAC]/cover.jpg").id();
        FileRow moved = retagged(two, tags("A", "C", 2, "y"));
        apply(new LibraryChange.Updated(two, moved));
        assertThat(paths()).noneMatch(path -> path.endsWith("cover.jpg"));
        apply(new LibraryChange.Updated(moved, two));
        NodeId again = at("/A/B [FLAC]/cover.jpg").id();
        assertThat(again).isNotEqualTo(id);
        apply(
                new LibraryChange.Updated(one, retagged(one, tags("A", "C", 1, "x"))),
                new LibraryChange.Updated(two, retagged(two, tags("A", "C", 2, "y"))));
        assertThat(at("/A/C [FLAC]/cover.jpg").id()).isEqualTo(again);
        apply(new LibraryChange.Removed(one), new LibraryChange.Removed(two));
        assertThat(paths()).isEmpty();
    }

    @Test
    void aCoverAboveTheDiscsIsThatOfTheAlbum() {
        FileRow first = track(1, "d/CD1/1.flac", one.tags());
        FileRow second = track(2, "d/CD2/1.flac", two.tags());
        add(first, second, picture);
        assertThat(at("/A/B [FLAC]/cover.jpg").fileId()).isEqualTo(3);
    }

    @Test
    void theLibraryChoosesAmongCoversAndTakesThemBack() {
        FileRow png = cover(4, "d/front.png");
        add(one, picture, png);
        RealPath folder = new RealPath("d");
        apply(new LibraryChange.CoverChosen(Tracks.DISK, folder, Optional.of(png)));
        assertThat(paths()).contains("/A/B [FLAC]/cover.png").doesNotContain("/A/B [FLAC]/cover.jpg");
        apply(new LibraryChange.Removed(png), new LibraryChange.CoverChosen(Tracks.DISK, folder, Optional.of(picture)));
        assertThat(paths()).contains("/A/B [FLAC]/cover.jpg").doesNotContain("/A/B [FLAC]/cover.png");
        apply(new LibraryChange.Removed(picture), new LibraryChange.CoverChosen(Tracks.DISK, folder, Optional.empty()));
        assertThat(paths()).noneMatch(path -> path.contains("cover"));
    }

    @Test
    void aFailedBatchChangesNothingAndTheNextOneWorks() {
        updater.attach(announcer);
        catalog.nextFailure = Optional.of(new MusicFsException(FailureKind.NO_SPACE, "full"));
        assertThatThrownBy(() -> add(one)).isInstanceOf(MusicFsException.class);
        assertThat(paths()).isEmpty();
        assertThat(announcer.events).isEmpty();
        add(one);
        assertThat(at("/A/B [FLAC]/01 - x.flac").fileId()).isEqualTo(1);
    }

    @Test
    void eachChangeIsAnnouncedOnceInOrderAndVisibleAfterItsAnnouncement() {
        updater.attach(announcer);
        announcer.during = event -> {
            String path = event.substring(event.indexOf(' ') + 1);
            assertThat(paths()).noneMatch(visible -> visible.startsWith(path));
        };
        add(one);
        assertThat(announcer.events).containsExactly("mkdir /A", "mkdir /A/B [FLAC]", "create /A/B [FLAC]/01 - x.flac");
        announcer.events.clear();
        announcer.during = event -> {};
        apply(new LibraryChange.Updated(one, retagged(one, tags("A", "C", 1, "x"))));
        assertThat(announcer.events)
                .containsExactly(
                        "mkdir /A/C [FLAC]",
                        "move /A/B [FLAC]/01 - x.flac -> /A/C [FLAC]/01 - x.flac",
                        "rmdir /A/B [FLAC]");
        announcer.events.clear();
        apply(new LibraryChange.Removed(catalog.fileBlocking(1).orElseThrow()));
        assertThat(announcer.events).containsExactly("remove /A/C [FLAC]/01 - x.flac", "rmdir /A/C [FLAC]", "rmdir /A");
    }

    @Test
    void theMountPublishesExactlyWhatIsBeingAnnounced() {
        add(one);
        NodeRow old = at("/A/B [FLAC]/01 - x.flac");
        updater.attach(announcer);
        announcer.during = event -> {
            assertThat(at("/A/B [FLAC]/01 - x.flac")).isEqualTo(old);
            assertThat(tree.nodeBlocking(old.id())).contains(old);
            assertThat(tree.publishRemoved(old.parent(), old.name())).isFalse();
            assertThat(tree.publishCreated(old.parent(), "stranger")).isFalse();
            assertThat(tree.publishChanged(old.parent(), old.name())).isTrue();
            assertThat(tree.publishChanged(old.parent(), old.name())).isTrue();
            assertThat(at("/A/B [FLAC]/01 - x.flac").sizeBytes()).isEqualTo(200);
        };
        FileRow changed = retagged(one, one.tags());
        apply(new LibraryChange.Updated(one, changed));
        assertThat(announcer.events).containsExactly("change /A/B [FLAC]/01 - x.flac 200 9");
        assertThat(tree.publishChanged(old.parent(), old.name())).isFalse();

        announcer.during = event -> {
            assertThat(tree.lookupBlocking(old.parent(), "01 - z.flac")).isEmpty();
            assertThat(tree.publishMoved(old.parent(), old.name(), old.parent(), "01 - z.flac"))
                    .isTrue();
            assertThat(tree.lookupBlocking(old.parent(), old.name())).isEmpty();
            assertThat(at("/A/B [FLAC]/01 - z.flac").id()).isEqualTo(old.id());
        };
        apply(new LibraryChange.Updated(changed, retagged(one, tags("A", "B", 1, "z"))));
        assertThat(announcer.events).hasSize(2);
    }

    @Test
    void whatTheKernelDoesNotKnowBecomesVisibleInSilence() {
        updater.attach(announcer);
        announcer.known = directory -> directory.id().equals(NodeId.ROOT);
        add(one);
        assertThat(announcer.events).containsExactly("mkdir /A");
        assertThat(at("/A/B [FLAC]/01 - x.flac").fileId()).isEqualTo(1);
    }

    @Test
    void whatTheKernelLooksAtBetweenPlanAndPublicationIsAnnounced() {
        add(one);
        NodeId album = at("/A/B [FLAC]").id();
        updater.attach(announcer);
        java.util.concurrent.atomic.AtomicInteger asked = new java.util.concurrent.atomic.AtomicInteger();
        // 0: known before the silent publication, 1: only by the look after it
        for (int late = 0; late < 2; late++) {
            int from = late;
            asked.set(0);
            announcer.events.clear();
            announcer.known = directory -> directory.id().equals(album) && asked.getAndIncrement() >= from;
            announcer.during = event -> assertThat(paths()).noneMatch(event::endsWith);
            add(track(10 + late, "d/" + (10 + late) + ".flac", tags("A", "B", 10 + late, "z")));
            String path = "/A/B [FLAC]/" + (10 + late) + " - z.flac";
            assertThat(announcer.events).containsExactly("create " + path);
            assertThat(paths()).contains(path);
        }
    }

    @Test
    void anAnnouncerThatFailsOrLeavesHidesNothing() {
        updater.attach(announcer);
        announcer.during = event -> {
            if (event.equals("mkdir /A/B [FLAC]")) {
                updater.detach();
            }
            throw new IllegalStateException("the mount is gone");
        };
        add(one);
        assertThat(announcer.events).containsExactly("mkdir /A", "mkdir /A/B [FLAC]");
        assertThat(at("/A/B [FLAC]/01 - x.flac").fileId()).isEqualTo(1);
    }
}
