package dev.musicfs.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.tree.Tree;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PinnedTreeTest {
    private static final int MANY = 1_100;

    private final Vertx vertx = TestingVertx.start();
    private final Set<Long> pinned = new TreeSet<>();

    @TempDir
    private Path directory;

    private Catalog catalog;
    private PinnedTree tree;
    private long first;

    @BeforeEach
    void fill() throws Exception {
        catalog = Catalog.openBlocking(directory.resolve("catalog.db"));
        CatalogWriter writer = catalog.startWriter(vertx);
        NodeRow artist = new NodeRow(writer.nextNodeId(), NodeId.ROOT, "Björk", 0, 0, 1);
        NodeRow album = new NodeRow(writer.nextNodeId(), artist.id(), "Début", 0, 0, 1);
        List<Mutation> mutations = new ArrayList<>(List.of(new Mutation.PutNode(artist), new Mutation.PutNode(album)));
        List<Mutation> nodes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            FileRow file = new FileRow(
                    writer.nextFileId(),
                    new OriginId("disk"),
                    new RealPath("track" + i + ".flac"),
                    FileKind.AUDIO,
                    new FileVersion(1, 1, ""),
                    0,
                    TrackTags.unknown("flac"),
                    true);
            first = i == 0 ? file.id() : first;
            mutations.add(new Mutation.PutFile(file));
            NodeId parent = i == 0 ? artist.id() : album.id();
            nodes.add(new Mutation.PutNode(
                    new NodeRow(writer.nextNodeId(), parent, "track" + i + ".flac", file.id(), 1, 1)));
        }
        mutations.addAll(nodes);
        await(writer.apply(mutations));
        Tree shown = new Tree(catalog.reader(), 1 << 20);
        tree = new PinnedTree(
                new LibraryPaths(shown::resolveBlocking, shown::childrenBlocking, shown::pathOfBlocking),
                catalog.reader(),
                new TestingPins(),
                List.of(Path.of("/mnt/music"), Path.of("/real/music")));
    }

    @AfterEach
    void close() throws Exception {
        catalog.closeBlocking();
        await(vertx.close());
    }

    @Test
    void pinsEveryFileBelowAPathAndNoOther() {
        assertThat(tree.setBlocking("Björk/Début", true)).isEqualTo(new PinnedTree.Change("Björk/Début", MANY - 1));
        assertThat(pinned).hasSize(MANY - 1).doesNotContain(first);
        assertThat(tree.setBlocking("/mnt/music", true)).isEqualTo(new PinnedTree.Change("", MANY));
        assertThat(pinned).hasSize(MANY);
        assertThat(tree.setBlocking("Björk/Début", false).files()).isEqualTo(MANY - 1);
        assertThat(tree.pinsBlocking(MANY)).isEqualTo(new PinnedTree.Listing(1, List.of("Björk/track0.flac")));
    }

    @Test
    void pinsOneFile() {
        assertThat(tree.setBlocking("Björk/track0.flac", true))
                .isEqualTo(new PinnedTree.Change("Björk/track0.flac", 1));
        assertThat(pinned).containsExactly(first);
    }

    @ParameterizedTest
    @CsvSource({
        "Björk/Début, Björk/Début",
        "/mnt/music/Björk/, Björk",
        "/real/music/Björk/../Björk/Début/., Björk/Début",
        "/mnt/music, ''",
        ".//Björk, Björk",
        "., ''"
    })
    void readsAPathAsItsUserMeansIt(String given, String path) {
        assertThat(tree.pathInTree(given)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mnt/musical/A", "/etc", "../music", "Björk/../../x", "/mnt/music/../x", "a\0b"})
    void refusesAPathThatLeadsOut(String given) {
        assertThatThrownBy(() -> tree.setBlocking(given, true))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Nobody", "Björk/track0.flac/x"})
    void saysWhatItDoesNotFind(String given) {
        assertThatThrownBy(() -> tree.setBlocking(given, true))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND))
                .hasMessage("the library has no " + given);
        assertThat(pinned).isEmpty();
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private final class TestingPins implements PinStore {
        @Override
        public void setBlocking(List<Long> fileIds, boolean pin) {
            assertThat(fileIds.size()).isBetween(1, 512);
            var unused = pin ? pinned.addAll(fileIds) : pinned.removeAll(fileIds);
        }

        @Override
        public List<Long> pinnedBlocking() {
            return List.copyOf(pinned);
        }
    }
}
