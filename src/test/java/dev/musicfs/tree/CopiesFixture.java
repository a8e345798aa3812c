package dev.musicfs.tree;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.CopyRow.Relation;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A tree over a real catalog that several origins feed; those of {@link #ranks} are known, the others rank last. */
abstract class CopiesFixture {
    static final OriginId NAS = new OriginId("nas");
    static final OriginId CLOUD = new OriginId("cloud");
    static final OriginId ATTIC = new OriginId("attic");
    static final String TITLE = "/A/B [FLAC]/01 - x.flac";

    @TempDir
    private Path directory;

    final Vertx vertx = TestingVertx.start();
    final Map<OriginId, Integer> ranks = new HashMap<>(Map.of(NAS, 0, CLOUD, 1, ATTIC, 2));
    final TestingAnnouncer announcer = new TestingAnnouncer();
    Catalog catalog;
    CatalogReader reader;
    CatalogWriter writer;
    Tree tree;
    TreeUpdater updater;

    @BeforeEach
    void open() {
        catalog = Catalog.openBlocking(directory.resolve("c.db"));
        reader = catalog.reader();
        writer = catalog.startWriter(vertx);
        tree = new Tree(reader, 1 << 20);
        updater = new TreeUpdater(
                vertx,
                tree,
                reader,
                writer,
                Template.DEFAULT,
                Clock.system(),
                origin -> ranks.getOrDefault(origin, Integer.MAX_VALUE));
    }

    @AfterEach
    void close() {
        await(updater.close());
        catalog.closeBlocking();
        await(vertx.close());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }

    final void apply(LibraryChange... changes) {
        await(updater.apply(List.of(changes)));
    }

    final FileRow add(FileRow file) {
        apply(new LibraryChange.Added(file));
        return file;
    }

    final FileRow add(FileRow file, AudioLayout layout) {
        apply(new LibraryChange.Added(file, Optional.of(layout)));
        return file;
    }

    final FileRow update(FileRow before, FileRow after) {
        apply(new LibraryChange.Updated(before, after));
        return after;
    }

    final void remove(FileRow file) {
        apply(new LibraryChange.Removed(file));
    }

    final FileRow track(OriginId origin, String path, long size) {
        return track(origin, path, size, "x");
    }

    /** With a fresh number, and the origin's rank as its modification time. */
    final FileRow track(OriginId origin, String path, long size, String title) {
        return file(
                writer.nextFileId(),
                origin,
                path,
                size,
                new TrackTags(title, "A", "", "B", "", "", 0, 1, 0, 0, false, "flac", 1000, 900));
    }

    static FileRow file(long id, OriginId origin, String path, long size, TrackTags tags) {
        FileKind kind = path.endsWith("jpg") ? FileKind.COVER : FileKind.AUDIO;
        FileVersion version = new FileVersion(size, 1_000 + origin.value().hashCode() % 100, "");
        return new FileRow(id, origin, new RealPath(path), kind, version, 0, tags, true);
    }

    final FileRow cover(OriginId origin, String path) {
        return file(writer.nextFileId(), origin, path, 50, TrackTags.unknown("jpg"));
    }

    static FileRow resized(FileRow file, long size) {
        return file(file.id(), file.origin(), file.path().value(), size, file.tags());
    }

    static FileRow moved(FileRow file, String path) {
        return file(file.id(), file.origin(), path, file.version().sizeBytes(), file.tags());
    }

    static AudioLayout flac(long start, long end, String hash) {
        return new AudioLayout(start, end, List.of(), hash);
    }

    final void write(Mutation... mutations) {
        await(writer.apply(List.of(mutations)));
    }

    final List<String> paths() {
        return walk("", NodeId.ROOT).toList();
    }

    /** Without the directories. */
    final List<String> files() {
        return paths().stream().filter(path -> !path.endsWith("/")).toList();
    }

    private Stream<String> walk(String prefix, NodeId parent) {
        return tree.childrenBlocking(parent, "", 1000).stream().flatMap(row -> {
            String path = prefix + "/" + row.name();
            return row.isDirectory() ? Stream.concat(Stream.of(path + "/"), walk(path, row.id())) : Stream.of(path);
        });
    }

    final NodeRow at(String path) {
        return tree.resolveBlocking(path).orElseThrow(() -> new AssertionError("no " + path + " among " + paths()));
    }

    final Map<Long, Relation> relations(FileRow file) {
        Map<Long, Relation> relations = new HashMap<>();
        for (CopyRow row : reader.copiesBlocking(file.id())) {
            relations.put(row.file().id(), row.relation());
        }
        return relations;
    }
}
