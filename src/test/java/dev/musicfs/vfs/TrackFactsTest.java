package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackFactsTest {
    private static final OriginId NAS = new OriginId("nas");
    private static final OriginId CLOUD = new OriginId("cloud");
    private static final long SIZE = 10L << 20;

    @TempDir
    Path dir;

    private final FileVersion version = new FileVersion(SIZE, 5, "");
    private final Set<OriginId> down = new HashSet<>();
    private final Set<ChunkId> stored = new HashSet<>();
    private Optional<OriginId> servedInstead = Optional.empty();
    private Catalog catalog;
    private CatalogWriter writer;
    private TrackFacts facts;

    @BeforeEach
    void putATrackOnTwoOrigins(Vertx vertx) throws Exception {
        LocalMessages.register(vertx);
        catalog = Catalog.openBlocking(dir.resolve("catalog.db"));
        writer = catalog.startWriter(vertx);
        Tree tree = new Tree(catalog.reader(), 1 << 20);
        TreeUpdater updater = new TreeUpdater(
                vertx, tree, catalog.reader(), writer, Template.parse("$title.$format"), Clock.system());
        get(updater.apply(List.of(
                new LibraryChange.Added(row(1, NAS, "a/\udcff.mp3")),
                new LibraryChange.Added(row(2, CLOUD, "b.mp3")))));
        get(writer.apply(List.of(new Mutation.Follow(2, 1))));
        facts = new TrackFacts(catalog.reader(), id -> !down.contains(id), first -> servedInstead, stored::contains);
    }

    @AfterEach
    void close() {
        catalog.closeBlocking();
    }

    private FileRow row(long id, OriginId origin, String path) {
        return new FileRow(id, origin, new RealPath(path), FileKind.AUDIO, version, 0, TrackTags.unknown("mp3"), true);
    }

    @Test
    void aTrackNamesItsOriginItsPathThereAndItsCopies() {
        assertThat(facts.names(1)).containsExactly("backup", "cached", "copies", "origin", "path", "served_by");
        assertThat(fact("origin")).isEqualTo("nas");
        assertThat(fact("copies")).isEqualTo("nas,cloud");
        assertThat(facts.fact(1, "path")).hasValueSatisfying(bytes -> assertThat(bytes)
                .as("the bytes on the disk")
                .startsWith('a', '/', 0xff)
                .hasSize(7));
        assertThat(facts.fact(1, "colour")).isEmpty();
        assertThat(facts.fact(99, "origin")).isEmpty();
        assertThat(facts.names(99)).isEmpty();
    }

    @Test
    @Resilience("4.2.6")
    void itSaysWhenItIsServedFromABackup() {
        assertThat(fact("served_by") + fact("backup")).isEqualTo("nas0");
        down.add(NAS);
        assertThat(fact("served_by") + fact("backup")).isEqualTo("cloud1");
        down.add(CLOUD);
        assertThat(facts.fact(1, "served_by")).isEmpty();
        assertThat(facts.names(1)).doesNotContain("served_by");
        assertThat(fact("backup")).isEqualTo("0");
        down.clear();
        servedInstead = Optional.of(CLOUD);
        assertThat(fact("served_by") + fact("backup")).isEqualTo("cloud1");
    }

    @Test
    void cachedIsTheShareOfItsBlocksThatAreInTheStore() throws Exception {
        assertThat(fact("cached")).isEqualTo("0");
        AudioLayout layout = AudioLayout.unknown(SIZE);
        int blocks = BlockPlan.of(SIZE, layout).count();
        ChunkId chunk = ChunkId.of(ByteBuffer.wrap(new byte[] {1}));
        ChunkId evicted = ChunkId.of(ByteBuffer.wrap(new byte[] {2}));
        get(writer.apply(
                List.of(new Mutation.BeginManifest(1, version, layout, Map.of(0, chunk, 1, evicted, 2, chunk)))));
        stored.add(chunk);
        assertThat(fact("cached")).isEqualTo(Integer.toString(100 * 2 / blocks));
        stored.add(evicted);
        assertThat(fact("cached")).isEqualTo(Integer.toString(100 * 3 / blocks));
    }

    private String fact(String name) {
        return new String(facts.fact(1, name).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
