package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.library.ReadFile;
import dev.musicfs.library.ScanSlots;
import dev.musicfs.library.SyncOptions;
import dev.musicfs.library.TagSource;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.origin.registry.Ranks;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two origins in memory, each kept in step by a sync of its own, in one tree. */
class FederationTest {
    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private final MemoryOrigin nas = new MemoryOrigin("nas");
    private final MemoryOrigin cloud = new MemoryOrigin("cloud");
    private final Ranks ranks = Ranks.of(List.of(config("cloud", 100), config("nas", 10)));
    private Catalog catalog;
    private Tree tree;
    private TreeUpdater updater;
    private LibrarySync nasSync;
    private LibrarySync cloudSync;

    @BeforeEach
    void open() {
        catalog = Catalog.openBlocking(directory.resolve("c.db"));
        CatalogWriter writer = catalog.startWriter(vertx);
        tree = new Tree(catalog.reader(), 1 << 20);
        updater = new TreeUpdater(
                vertx, tree, catalog.reader(), writer, Template.parse("$album/$title.$format"), Clock.system(), ranks);
        nasSync = sync(nas, writer);
        cloudSync = sync(cloud, writer);
        for (int track = 1; track <= 30; track++) {
            nas.put("album/" + track + ".mp3", 1_000 + track, 7, track);
            cloud.put("album/" + track + ".mp3", 1_000 + track, 900, 100 + track);
        }
        nas.put("album/folder.jpg", 50, 7, 50);
        cloud.put("album/folder.jpg", 51, 900, 50);
    }

    @AfterEach
    void close() {
        await(nasSync.stop());
        await(cloudSync.stop());
        await(updater.close());
        catalog.closeBlocking();
        await(vertx.close());
    }

    @Test
    void whicheverOriginIsScannedFirstTheTreeIsThatOfTheBestOneWithOneOfEach() {
        await(cloudSync.reconcile());
        List<NodeRow> ofCloud = entries();
        await(nasSync.reconcile());
        List<NodeRow> ofBoth = entries();
        assertThat(ofBoth).hasSize(31).allMatch(row -> row.mtimeNanos() == 7);
        assertThat(ofBoth.stream().map(NodeRow::id))
                .isEqualTo(ofCloud.stream().map(NodeRow::id).toList());
        assertThat(ofBoth.stream().map(NodeRow::name))
                .isEqualTo(ofCloud.stream().map(NodeRow::name).toList());
    }

    @Test
    void bothScansAtTheSameTimeShowEachTrackOnce() {
        await(Future.all(nasSync.reconcile(), cloudSync.reconcile()));
        assertThat(entries()).hasSize(31).allMatch(row -> row.mtimeNanos() == 7);
        assertThat(catalog.reader().copiesBlocking(entries().get(3).fileId()))
                .extracting(CopyRow::relation)
                .containsExactly(CopyRow.Relation.LEADER, CopyRow.Relation.WHOLE);
    }

    @Test
    @Resilience({"4.2.6", "B.2"})
    void anOutageOfTheLeaderAndHeldRemovalsChangeNothingThatIsShown() {
        await(Future.all(nasSync.reconcile(), cloudSync.reconcile()));
        List<NodeRow> before = entries();
        nas.gone(true);
        assertThatThrownBy(() -> await(nasSync.reconcile())).isNotNull();
        cloud.put("album/1.mp3", 1_001, 901, 101);
        await(cloudSync.reconcile());
        assertThat(entries()).isEqualTo(before);
        nas.gone(false);
        nas.remove("album");
        assertThat(await(nasSync.reconcile()).heldRemovals()).isEqualTo(31);
        assertThat(entries()).isEqualTo(before);
        nas.put("album/1.mp3", 1_001, 8, 1);
        await(nasSync.reconcile());
        assertThat(entries().get(0).mtimeNanos())
                .as("held tracks stay, a changed one follows")
                .isEqualTo(8);
    }

    @Test
    void whatLeavesTheLeaderForCertainIsShownFromTheBackup() {
        await(Future.all(nasSync.reconcile(), cloudSync.reconcile()));
        List<NodeRow> before = entries();
        nas.remove("album/1.mp3");
        await(nasSync.reconcile());
        NodeRow first = entries().get(0);
        assertThat(first.id()).isEqualTo(before.get(0).id());
        assertThat(first.mtimeNanos()).isEqualTo(900);
        cloud.remove("album/1.mp3");
        await(cloudSync.reconcile());
        assertThat(entries()).hasSize(30);
    }

    @Test
    void originsRankByPriorityThenByTheirPlaceAndUnknownOnesLast() {
        Ranks equal = Ranks.of(List.of(config("b", 5), config("a", 5)));
        assertThat(equal.applyAsInt(new OriginId("b"))).isLessThan(equal.applyAsInt(new OriginId("a")));
        assertThat(equal.applyAsInt(new OriginId("a"))).isLessThan(equal.applyAsInt(new OriginId("other")));
        assertThat(ranks.applyAsInt(nas.id())).isLessThan(ranks.applyAsInt(cloud.id()));
        assertThat(ranks.fingerprint()).isEqualTo("nas cloud");
        assertThat(equal.fingerprint()).isEqualTo("b a");
    }

    private static OriginConfig config(String id, int priority) {
        OriginConfig plain = OriginConfig.of(
                new OriginId(id), new LocalBackend().type(), new OriginSettings(Map.of("path", Path.of("/music"))));
        return new OriginConfig(
                plain.id(),
                plain.type(),
                plain.settings(),
                priority,
                true,
                plain.pollInterval(),
                plain.timeout(),
                plain.concurrency(),
                0);
    }

    private LibrarySync sync(MemoryOrigin origin, CatalogWriter writer) {
        TagSource tags = (path, version) -> Future.succeededFuture(new ReadFile(
                new TrackTags("t" + path.name(), "A", "", "B", "", "", 0, 0, 0, 0, false, "mp3", 1, 1),
                Optional.empty()));
        return new LibrarySync(
                vertx,
                origin,
                catalog.reader(),
                writer,
                tags,
                updater::apply,
                Clock.system(),
                SyncOptions.defaults(),
                progress -> {},
                new ScanSlots(1));
    }

    private List<NodeRow> entries() {
        List<NodeRow> entries = new ArrayList<>();
        for (NodeRow album : tree.childrenBlocking(NodeId.ROOT, "", 100)) {
            tree.childrenBlocking(album.id(), "", 1_000).stream()
                    .sorted((a, b) -> Boolean.compare(isCover(a), isCover(b)))
                    .forEach(entries::add);
        }
        return entries;
    }

    private static boolean isCover(NodeRow row) {
        return row.name().startsWith("cover");
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }
}
