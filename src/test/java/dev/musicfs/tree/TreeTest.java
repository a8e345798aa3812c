package dev.musicfs.tree;

import static dev.musicfs.tree.Tracks.tags;
import static dev.musicfs.tree.Tracks.track;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TreeTest extends UpdaterFixture {
    @Test
    void resolvesPathsAndBack() {
        add(track(1, "x.flac", tags("A", "B", 1, "C")));
        NodeRow node = at("/A/B [FLAC]/01 - C.flac");
        assertThat(tree.pathOfBlocking(node.id())).contains("/A/B [FLAC]/01 - C.flac");
        assertThat(tree.pathOfBlocking(NodeId.ROOT)).contains("/");
        assertThat(tree.resolveBlocking("/")).map(NodeRow::id).contains(NodeId.ROOT);
        assertThat(tree.resolveBlocking("/A/B [FLAC]/01 - C.flac/x")).isEmpty();
        assertThat(tree.resolveBlocking("/a")).isEmpty();
        assertThat(tree.pathOfBlocking(new NodeId(999))).isEmpty();
        assertThat(tree.totalsBlocking().files()).isEqualTo(1);
    }

    @Test
    void aSecondLookupAsksNobodyAndNoLookupListsADirectory() {
        add(track(1, "x.flac", tags("A", "B", 1, "C")));
        catalog.listings.set(0);
        NodeRow node = at("/A/B [FLAC]/01 - C.flac");
        tree.nodeBlocking(node.id());
        catalog.pointQueries.set(0);
        assertThat(at("/A/B [FLAC]/01 - C.flac")).isEqualTo(node);
        assertThat(tree.nodeBlocking(node.id())).contains(node);
        assertThat(catalog.pointQueries).hasValue(0);
        assertThat(catalog.listings).hasValue(0);
    }

    @Test
    void pagesOverWithheldEntriesMissNothing() {
        updater.attach(announcer);
        add(IntStream.range(0, 7)
                .mapToObj(i -> track(i + 1, i + ".flac", tags("A", "B", i + 1, "T")))
                .toArray(dev.musicfs.catalog.FileRow[]::new));
        NodeId album = at("/A/B [FLAC]").id();
        List<String> names = names(album);
        List<List<String>> during = new ArrayList<>();
        announcer.during = event -> during.add(names(album));
        apply(
                new LibraryChange.Removed(catalog.fileBlocking(2).orElseThrow()),
                new LibraryChange.Removed(catalog.fileBlocking(3).orElseThrow()),
                new LibraryChange.Added(track(20, "n.flac", tags("A", "B", 0, "00"))));
        assertThat(during.get(0)).isEqualTo(names);
        assertThat(during.get(2)).hasSize(5).doesNotContain("00.flac");
        assertThat(names(album)).hasSize(6).startsWith("00.flac", "01 - T.flac", "04 - T.flac");
    }

    private List<String> names(NodeId directory) {
        List<String> names = new ArrayList<>();
        List<NodeRow> page = tree.childrenBlocking(directory, "", 2);
        while (!page.isEmpty()) {
            page.forEach(row -> names.add(row.name()));
            page = page.size() < 2 ? List.of() : tree.childrenBlocking(directory, names.get(names.size() - 1), 2);
        }
        return names;
    }
}
