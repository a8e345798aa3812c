package dev.musicfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.CopyRow.Relation;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.tree.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopiesTest extends CopiesFixture {
    private static final String HASH = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_HASH = "f123456789abcdef0123456789abcdef";

    @Test
    void copiesOfOnePathAndSizeAreOneEntryInWhateverOrderTheyArrive() {
        List<List<OriginId>> orders = List.of(
                List.of(NAS, CLOUD, ATTIC),
                List.of(NAS, ATTIC, CLOUD),
                List.of(CLOUD, NAS, ATTIC),
                List.of(CLOUD, ATTIC, NAS),
                List.of(ATTIC, NAS, CLOUD),
                List.of(ATTIC, CLOUD, NAS));
        for (List<OriginId> order : orders) {
            List<FileRow> files = new ArrayList<>();
            NodeId first = null;
            for (OriginId origin : order) {
                files.add(add(track(origin, "d/1.flac", 100)));
                NodeRow node = at(TITLE);
                first = first == null ? node.id() : first;
                assertThat(node.id()).as("the inode stays").isEqualTo(first);
            }
            assertThat(paths()).containsExactly("/A/", "/A/B [FLAC]/", TITLE);
            FileRow leader = files.stream()
                    .filter(file -> file.origin().equals(NAS))
                    .findFirst()
                    .orElseThrow();
            assertThat(at(TITLE).fileId()).isEqualTo(leader.id());
            assertThat(at(TITLE).mtimeNanos()).isEqualTo(leader.version().mtimeNanos());
            assertThat(relations(files.get(1)))
                    .hasSize(3)
                    .containsEntry(leader.id(), Relation.LEADER)
                    .containsValue(Relation.WHOLE);
            files.forEach(this::remove);
            assertThat(paths()).isEmpty();
        }
    }

    @Test
    void copiesInOneBatchAreOneEntry() {
        apply(
                new LibraryChange.Added(track(CLOUD, "d/1.flac", 100)),
                new LibraryChange.Added(track(NAS, "d/1.flac", 100)),
                new LibraryChange.Added(track(ATTIC, "elsewhere.flac", 200), Optional.of(flac(10, 90, HASH))),
                new LibraryChange.Added(track(NAS, "e/2.flac", 210, "y"), Optional.of(flac(20, 100, HASH))));
        assertThat(files()).containsExactly(TITLE, "/A/B [FLAC]/01 - y.flac");
    }

    @Test
    void theLeaderTakesOverAndTheNextBestIsPromotedUnderTheSameInode() {
        FileRow cloud = add(track(CLOUD, "d/1.flac", 100));
        NodeRow shown = at(TITLE);
        updater.attach(announcer);
        FileRow nas = add(track(NAS, "d/1.flac", 100));
        assertThat(at(TITLE))
                .isEqualTo(new NodeRow(
                        shown.id(),
                        shown.parent(),
                        shown.name(),
                        nas.id(),
                        100,
                        nas.version().mtimeNanos()));
        assertThat(announcer.events)
                .containsExactly("change " + TITLE + " 100 " + nas.version().mtimeNanos());
        announcer.events.clear();
        remove(nas);
        assertThat(at(TITLE)).isEqualTo(shown);
        assertThat(announcer.events)
                .containsExactly("change " + TITLE + " 100 " + cloud.version().mtimeNanos());
        assertThat(relations(cloud)).isEqualTo(Map.of(cloud.id(), Relation.LEADER));
    }

    @Test
    void twoFilesOfOneOriginAreAlwaysTwoEntries() {
        FileRow album = add(track(NAS, "album/1.flac", 100), flac(10, 90, HASH));
        FileRow best = add(track(NAS, "best of/7.flac", 100), flac(10, 90, HASH));
        assertThat(files()).hasSize(2);
        FileRow copyOfBest = add(track(CLOUD, "best of/7.flac", 100), flac(10, 90, HASH));
        FileRow copyOfAlbum = add(track(CLOUD, "album/1.flac", 100), flac(10, 90, HASH));
        assertThat(files()).hasSize(2);
        assertThat(relations(album)).containsOnlyKeys(album.id(), copyOfAlbum.id());
        assertThat(relations(best)).containsOnlyKeys(best.id(), copyOfBest.id());
    }

    @Test
    void aBetterMatchThatArrivesLaterWins() {
        FileRow single = add(track(NAS, "single/1.flac", 90), flac(0, 80, HASH));
        FileRow copy = add(track(CLOUD, "album/1.flac", 100), flac(10, 90, HASH));
        assertThat(relations(copy)).containsOnlyKeys(single.id(), copy.id());
        FileRow album = add(track(NAS, "album/1.flac", 100), flac(10, 90, HASH));
        assertThat(relations(copy)).containsOnlyKeys(album.id(), copy.id());
        assertThat(relations(single)).containsOnlyKeys(single.id());
    }

    @Test
    void theSameAudioElsewhereIsACopyOfTheAudioOnly() {
        FileRow nas = add(track(NAS, "a/1.flac", 100), flac(10, 90, HASH));
        FileRow cloud = add(track(CLOUD, "other place/one.flac", 130, "another title"), flac(40, 120, HASH));
        assertThat(files()).containsExactly(TITLE);
        assertThat(relations(cloud)).isEqualTo(Map.of(nas.id(), Relation.LEADER, cloud.id(), Relation.AUDIO));
        add(track(ATTIC, "b/2.flac", 100, "y"), flac(10, 91, HASH));
        add(track(ATTIC, "b/3.flac", 100, "z"), flac(10, 90, OTHER_HASH));
        add(track(ATTIC, "b/4.mp3", 100, "m"), flac(10, 90, ""));
        assertThat(files()).as("as long, or alike, is not the same").hasSize(4);
    }

    @Test
    void aRetagOnTheLeaderKeepsOneEntryWhileTheBackupIsBehind() {
        FileRow cloud = add(track(CLOUD, "d/1.mp3", 100));
        FileRow nas = add(track(NAS, "d/1.mp3", 100));
        NodeId inode = at(TITLE).id();
        TrackTags tags = new TrackTags("new", "A", "", "B", "", "", 0, 1, 0, 0, false, "flac", 1000, 900);
        FileRow retagged = update(nas, file(nas.id(), NAS, "d/1.mp3", 120, tags));
        assertThat(files()).containsExactly("/A/B [FLAC]/01 - new.flac");
        assertThat(at("/A/B [FLAC]/01 - new.flac").id()).isEqualTo(inode);
        assertThat(relations(retagged)).isEqualTo(Map.of(nas.id(), Relation.LEADER, cloud.id(), Relation.STALE));
        update(cloud, file(cloud.id(), CLOUD, "d/1.mp3", 120, tags));
        assertThat(files()).containsExactly("/A/B [FLAC]/01 - new.flac");
        assertThat(relations(retagged)).isEqualTo(Map.of(nas.id(), Relation.LEADER, cloud.id(), Relation.WHOLE));
    }

    @Test
    void aCopyLeavesWhenItsPathAndItsAudioAreOthers() {
        FileRow nas = add(track(NAS, "a.flac", 100), flac(10, 90, HASH));
        FileRow cloud = add(track(CLOUD, "b.flac", 110), flac(20, 100, HASH));
        FileRow now = file(cloud.id(), CLOUD, "b.flac", 111, cloud.tags());
        apply(new LibraryChange.Updated(cloud, now, Optional.of(flac(20, 100, OTHER_HASH))));
        assertThat(files()).hasSize(2);
        assertThat(relations(nas)).containsOnlyKeys(nas.id());
    }

    @Test
    void aCopyThatMovesStaysWhileItIsTheSameAndLeavesWhenItIsNot() {
        FileRow nas = add(track(NAS, "a.flac", 100));
        FileRow cloud = add(track(CLOUD, "a.flac", 100));
        FileRow renamed = update(nas, moved(nas, "b.flac"));
        assertThat(files()).containsExactly(TITLE);
        FileRow other = update(renamed, resized(moved(renamed, "c.flac"), 90));
        assertThat(relations(other)).containsOnlyKeys(nas.id());
        assertThat(relations(cloud)).containsOnlyKeys(cloud.id());
        assertThat(files()).hasSize(2);
    }

    @Test
    void filesOfOneContentBecomeOneEntryWhenThatIsFoundOut() {
        FileRow cloud = add(track(CLOUD, "a.mp3", 100));
        FileRow nas = add(track(NAS, "b.mp3", 100));
        NodeId inode = at(TITLE).id();
        assertThat(files()).hasSize(2);
        ChunkId content = new ChunkId(1, 2, 3, 4);
        for (FileRow file : List.of(cloud, nas)) {
            write(
                    new Mutation.BeginManifest(file.id(), file.version(), AudioLayout.unknown(100), Map.of()),
                    new Mutation.PutContent(file.id(), file.version(), content));
        }
        apply(new LibraryChange.Reconsidered(cloud.id()));
        assertThat(files()).containsExactly(TITLE);
        assertThat(at(TITLE).id()).isEqualTo(inode);
        assertThat(at(TITLE).fileId()).isEqualTo(nas.id());
        update(cloud, file(cloud.id(), CLOUD, "c.mp3", 100, nas.tags()));
        assertThat(files()).containsExactly(TITLE);
    }

    @Test
    void whatIsKnownOfTheBytesGoesWithThePlaceOfTheLeader() {
        FileRow cloud = add(track(CLOUD, "d/1.flac", 100));
        AudioLayout layout = flac(10, 90, HASH);
        ChunkId chunk = new ChunkId(1, 2, 3, 4);
        write(
                new Mutation.PutLayout(cloud.id(), cloud.version(), layout),
                new Mutation.BeginManifest(cloud.id(), cloud.version(), layout, Map.of(3, chunk)),
                new Mutation.Pin(cloud.id()));
        FileRow nas = add(track(NAS, "d/1.flac", 100));
        assertThat(reader.manifestBlocking(nas.id()))
                .hasValueSatisfying(row -> assertThat(row.chunks()).isEqualTo(Map.of(3, chunk)))
                .hasValueSatisfying(row -> assertThat(row.version()).isEqualTo(nas.version()));
        assertThat(reader.layoutBlocking(nas.id()))
                .hasValueSatisfying(row -> assertThat(row.layout()).isEqualTo(layout));
        assertThat(reader.pinnedFilesBlocking()).containsExactly(nas.id());
        assertThat(reader.manifestBlocking(cloud.id())).isEmpty();
        remove(nas);
        assertThat(reader.manifestBlocking(cloud.id()))
                .hasValueSatisfying(row -> assertThat(row.chunks()).isEqualTo(Map.of(3, chunk)));
        assertThat(reader.pinnedFilesBlocking()).containsExactly(cloud.id());
    }

    @Test
    void theManifestOfAnotherEditionIsNotTakenOver() {
        FileRow cloud = add(track(CLOUD, "d/1.flac", 100), flac(10, 90, HASH));
        write(
                new Mutation.BeginManifest(
                        cloud.id(), cloud.version(), flac(10, 90, HASH), Map.of(0, new ChunkId(1, 2, 3, 4))),
                new Mutation.Pin(cloud.id()));
        FileRow nas = add(track(NAS, "d/1.flac", 120), flac(30, 110, HASH));
        assertThat(files()).containsExactly(TITLE);
        assertThat(reader.manifestBlocking(nas.id())).isEmpty();
        assertThat(reader.manifestBlocking(cloud.id())).isPresent();
        assertThat(reader.pinnedFilesBlocking()).containsExactly(nas.id());
    }

    @Test
    void anAlbumOfSeveralOriginsHasTheCoverOfTheBest() {
        add(track(CLOUD, "d/1.flac", 100));
        FileRow cloudCover = add(cover(CLOUD, "d/folder.jpg"));
        String path = "/A/B [FLAC]/cover.jpg";
        assertThat(at(path).fileId()).isEqualTo(cloudCover.id());
        NodeId inode = at(path).id();
        add(track(NAS, "d/1.flac", 100));
        assertThat(at(path).fileId()).isEqualTo(cloudCover.id());
        FileRow nasCover = add(cover(NAS, "d/cover.jpg"));
        assertThat(files()).containsExactly(TITLE, path);
        assertThat(at(path).fileId()).isEqualTo(nasCover.id());
        assertThat(at(path).id()).isEqualTo(inode);
        add(cover(ATTIC, "d/cover.jpg"));
        add(track(ATTIC, "d/1.flac", 100));
        assertThat(at(path).fileId()).isEqualTo(nasCover.id());
        remove(nasCover);
        assertThat(files()).containsExactly(TITLE, path);
        assertThat(at(path).fileId()).isEqualTo(cloudCover.id());
    }

    @Test
    void aPassOverTheCatalogMergesWhatWasTwoAndFollowsNewRanksOnce() {
        ranks.clear();
        FileRow cloud = track(CLOUD, "d/1.flac", 100);
        FileRow nas = track(NAS, "d/1.flac", 100);
        FileRow attic = add(track(ATTIC, "e/2.flac", 100, "y"));
        NodeRow first = new NodeRow(writer.nextNodeId(), NodeId.ROOT, "A", 0, 0, 0);
        add(cloud);
        NodeRow shown = at(TITLE);
        NodeRow second = new NodeRow(writer.nextNodeId(), shown.parent(), "01 - x (2).flac", nas.id(), 100, 7);
        assertThat(first.name()).isEqualTo("A");
        write(new Mutation.PutFile(nas), new Mutation.PutNode(second)); // as a catalog of before has it
        tree.forget(List.of(second));
        assertThat(files()).hasSize(3);

        ranks.putAll(Map.of(NAS, 0, CLOUD, 1));
        await(updater.reconsiderAll("nas cloud"));
        assertThat(files()).containsExactly(TITLE, "/A/B [FLAC]/01 - y.flac");
        assertThat(at(TITLE).id()).isEqualTo(shown.id());
        assertThat(at(TITLE).fileId()).isEqualTo(nas.id());

        ranks.putAll(Map.of(NAS, 1, CLOUD, 0));
        await(updater.reconsiderAll("nas cloud"));
        assertThat(at(TITLE).fileId()).as("that was done").isEqualTo(nas.id());
        await(updater.reconsiderAll("cloud nas"));
        assertThat(at(TITLE).fileId()).isEqualTo(cloud.id());
        assertThat(at(TITLE).id()).isEqualTo(shown.id());
        assertThat(relations(attic)).containsOnlyKeys(attic.id());
    }

    @Test
    void anInterruptedPassGoesOnWhereItWas() {
        FileRow cloud = add(track(CLOUD, "d/1.flac", 100));
        FileRow nas = add(track(NAS, "d/1.flac", 100));
        FileRow late = add(track(CLOUD, "e/1.flac", 100, "y"));
        FileRow lateNas = add(track(NAS, "e/1.flac", 100, "y"));
        ranks.putAll(Map.of(NAS, 1, CLOUD, 0));
        write(new Mutation.PutSetting(
                "copies.reached", "cloud nas\n" + Albums.rules(Template.DEFAULT) + "\n" + nas.id()));
        await(updater.reconsiderAll("cloud nas"));
        assertThat(reader.leaderOfBlocking(nas.id())).as("before the mark").contains(nas.id());
        assertThat(reader.leaderOfBlocking(lateNas.id())).as("after it").contains(late.id());
        await(updater.reconsiderAll("another"));
        assertThat(reader.leaderOfBlocking(nas.id())).contains(cloud.id());
    }

    @Test
    @Resilience("4.2.6")
    void aCopyThatIsAloneReachableChangesNoNameAndNoTime() {
        add(track(CLOUD, "d/1.flac", 100));
        FileRow nas = add(track(NAS, "d/1.flac", 100));
        NodeRow before = at(TITLE);
        // All that a round over the backup says while the leader is away: its own files, seen again and changed.
        FileRow cloud = reader.copiesBlocking(nas.id()).get(1).file();
        FileRow touched = new FileRow(
                cloud.id(),
                CLOUD,
                cloud.path(),
                cloud.kind(),
                new FileVersion(100, 123_456, ""),
                0,
                cloud.tags(),
                true);
        update(cloud, touched);
        assertThat(at(TITLE)).isEqualTo(before);
    }
}
