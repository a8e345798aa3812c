package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.BigCatalog;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    private static final Migration FIRST = Migration.ofResource("V1__catalog.sql");
    private static final Migration SECOND = Migration.ofResource("V2__manifests.sql");
    private static final Migration THIRD = Migration.ofResource("V3__copies.sql");
    private static final Migration FOURTH = Migration.ofResource("V4__identity.sql");

    @TempDir
    private Path directory;

    @Test
    void eachStepRunsOnceAndIsRemembered() throws SQLException {
        Path file = directory.resolve("c.db");
        Migration fifth = new Migration(5, "more", "CREATE TABLE more (x); INSERT INTO more VALUES (1);");
        Catalog.openBlocking(file).closeBlocking();
        for (int i = 0; i < 2; i++) {
            Catalog.openBlocking(file, Schema.of(List.of(FIRST, SECOND, THIRD, FOURTH, fifth)))
                    .closeBlocking();
        }
        assertThat(ask(file, "SELECT group_concat(version || name) FROM schema_version"))
                .isEqualTo("1catalog,2manifests,3copies,4identity,5more");
        assertThat(ask(file, "SELECT count(*) FROM more")).isEqualTo("1");
    }

    @Test
    void aCatalogOfTheFirstReleaseKeepsItsRowsAndLearnsOfManifests() throws SQLException {
        Path file = directory.resolve("c.db");
        FileRow track = new FileRow(
                1,
                new OriginId("disk"),
                new RealPath("a/b.flac"),
                FileKind.AUDIO,
                new FileVersion(10, 20, "tag"),
                30,
                TrackTags.unknown("flac"),
                true);
        NodeRow album = new NodeRow(new NodeId(2), NodeId.ROOT, "a", 0, 0, 5);
        NodeRow node = new NodeRow(new NodeId(3), album.id(), "b.flac", 1, 10, 20);
        Mutation.PutLayout layout = new Mutation.PutLayout(track.id(), track.version(), AudioLayout.unknown(10));
        write(
                Catalog.openBlocking(file, Schema.of(List.of(FIRST))),
                new Mutation.PutFolder(track.origin(), new RealPath("a")),
                new Mutation.PutFile(track),
                new Mutation.PutNode(album),
                new Mutation.PutNode(node));
        assertThat(ask(file, "SELECT max(version) FROM schema_version")).isEqualTo("1");

        write(Catalog.openBlocking(file), layout);
        Catalog catalog = Catalog.openBlocking(file);
        CatalogReader reader = catalog.reader();
        assertThat(reader.fileBlocking(1)).contains(track);
        assertThat(reader.nodeBlocking(album.id())).contains(album);
        assertThat(reader.nodesOfFileBlocking(1)).containsExactly(node);
        assertThat(reader.foldersInBlocking(track.origin(), RealPath.ROOT)).containsExactly(new RealPath("a"));
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(1, 2, 10));
        assertThat(reader.layoutBlocking(1)).contains(new LayoutRow(1, layout.version(), layout.layout()));
        catalog.closeBlocking();
        assertThat(ask(file, "SELECT group_concat(version || name) FROM schema_version"))
                .isEqualTo("1catalog,2manifests,3copies,4identity");
        assertThat(ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(ask(file, "SELECT count(*) FROM pragma_foreign_key_check")).isEqualTo("0");
    }

    @Test
    @Resilience("R.9")
    void inACatalogFromBeforeThereWereInodesFilesAreFoundByThemAndKeepWhatIsKnownOfTheirBytes() throws SQLException {
        Path file = directory.resolve("c.db");
        FileVersion was = new FileVersion(10, 20, "");
        FileVersion is = new FileVersion(10, 20, new InodeTag(30, 40).text());
        FileRow track = new FileRow(
                1,
                new OriginId("disk"),
                new RealPath("a/b.flac"),
                FileKind.AUDIO,
                was,
                30,
                TrackTags.unknown("flac"),
                true);
        AudioLayout layout = new AudioLayout(2, 9, List.of(), "ab");
        ChunkId chunk = new ChunkId(1, 2, 3, 4);
        write(
                Catalog.openBlocking(file, Schema.of(List.of(FIRST, SECOND, THIRD))),
                new Mutation.PutFile(track),
                new Mutation.PutLayout(1, was, layout),
                new Mutation.BeginManifest(1, was, layout, Map.of(0, chunk)));

        write(Catalog.openBlocking(file), new Mutation.RenameVersion(1, was, is));
        Catalog catalog = Catalog.openBlocking(file);
        CatalogReader reader = catalog.reader();
        assertThat(reader.filesWithKeyBlocking(track.origin(), 30, 9)).containsExactly(track);
        assertThat(reader.filesWithKeyBlocking(track.origin(), 31, 9)).isEmpty();
        assertThat(reader.filesWithKeyBlocking(new OriginId("nas"), 30, 9)).isEmpty();
        assertThat(reader.layoutBlocking(1)).contains(new LayoutRow(1, is, layout));
        assertThat(reader.manifestBlocking(1)).contains(new ManifestRow(1, is, layout, Map.of(0, chunk)));
        catalog.closeBlocking();
    }

    @Test
    void inACatalogFromBeforeThereWereCopiesEveryFileIsShownItselfAndIsFound() throws SQLException {
        Path file = directory.resolve("c.db");
        FileRow track = new FileRow(
                1,
                new OriginId("disk"),
                new RealPath("a/b.flac"),
                FileKind.AUDIO,
                new FileVersion(10, 20, "tag"),
                30,
                TrackTags.unknown("flac"),
                true);
        AudioLayout layout = new AudioLayout(2, 9, List.of(), "ab");
        write(
                Catalog.openBlocking(file, Schema.of(List.of(FIRST, SECOND))),
                new Mutation.PutFile(track),
                new Mutation.PutLayout(1, track.version(), layout),
                new Mutation.BeginManifest(1, track.version(), layout, java.util.Map.of()),
                new Mutation.Pin(1));
        Catalog catalog = Catalog.openBlocking(file);
        CatalogReader reader = catalog.reader();
        assertThat(reader.copiesBlocking(1))
                .containsExactly(new CopyRow(track, CopyRow.Relation.LEADER, java.util.Optional.of(layout)));
        assertThat(reader.leaderOfBlocking(1)).contains(1L);
        assertThat(reader.filesWithAudioBlocking("ab", 7, 2)).containsExactly(track);
        assertThat(reader.contentBlocking(1)).isEmpty();
        assertThat(reader.manifestBlocking(1)).isPresent();
        assertThat(reader.pinnedFilesBlocking()).containsExactly(1L);
        catalog.closeBlocking();
        assertThat(ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void theStepOfTheFirstReleaseIsTheOneThatShipped() {
        assertThat(ChunkId.of(StandardCharsets.UTF_8.encode(FIRST.sql())).hex())
                .isEqualTo("848a2383237e686339f25e906c5c60a99ae9501587cfa0d9412b6f61d5669a34");
    }

    @Test
    void everyReferenceIsFoundThroughAKeySoThatRemovalsStayFast() throws SQLException {
        Path file = directory.resolve("c.db");
        Catalog.openBlocking(file).closeBlocking();
        String references = "FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
        assertThat(ask(file, "SELECT count(*) " + references)).isEqualTo("6");
        String rowid = "EXISTS (SELECT 1 FROM pragma_table_info(t.name) c"
                + " WHERE c.name = f.\"from\" AND c.pk = 1 AND c.type = 'INTEGER')";
        String indexed = "EXISTS (SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) i"
                + " WHERE i.seqno = 0 AND i.name = f.\"from\")";
        assertThat(ask(
                        file,
                        "SELECT group_concat(t.name || '.' || f.\"from\") " + references + " AND NOT " + rowid
                                + " AND NOT " + indexed))
                .isNull();
    }

    @Test
    void aStepThatFailsIsUndoneAsAWhole() throws SQLException {
        Path file = directory.resolve("c.db");
        Migration broken = new Migration(3, "broken", "CREATE TABLE more (x); INSERT INTO nowhere VALUES (1);");
        assertFails(FailureKind.INTERNAL, () -> Catalog.openBlocking(file, Schema.of(List.of(FIRST, SECOND, broken))))
                .contains("nowhere");
        assertThat(ask(file, "SELECT max(version) FROM schema_version")).isEqualTo("2");
        assertThat(ask(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"))
                .isEqualTo("0");
        Catalog.openBlocking(file).closeBlocking();
    }

    @Test
    void aNewerSchemaIsRefusedAndLeftAlone() throws Exception {
        Path file = directory.resolve("c.db");
        Catalog.openBlocking(file).closeBlocking();
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO schema_version VALUES (7, 'future')");
        }
        byte[] before = Files.readAllBytes(file);
        assertFails(FailureKind.INVALID, () -> Catalog.openBlocking(file))
                .contains(file.toString())
                .contains("version 7")
                .contains("up to 4");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void anotherProgramsDatabaseIsRefused() throws SQLException {
        Path file = directory.resolve("c.db");
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE photo (x)");
        }
        assertFails(FailureKind.INVALID, () -> Catalog.openBlocking(file)).contains(file.toString());
    }

    @Test
    void garbageAndTruncatedFilesAreDamagedCatalogs() throws IOException {
        Path garbage = directory.resolve("garbage.db");
        Files.writeString(garbage, "this is not a database, ".repeat(500));
        assertFails(FailureKind.CORRUPT, () -> Catalog.openBlocking(garbage)).contains(garbage.toString());
        Path tiny = directory.resolve("tiny.db");
        Files.writeString(tiny, "oops");
        assertFails(FailureKind.CORRUPT, () -> Catalog.openBlocking(tiny)).contains(tiny.toString());

        Path cut = directory.resolve("cut.db");
        Catalog.openBlocking(cut).closeBlocking();
        byte[] whole = Files.readAllBytes(cut);
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertFails(FailureKind.CORRUPT, () -> Catalog.openBlocking(cut)).contains(cut.toString());
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsRejected() throws IOException {
        Path file = Files.createDirectory(directory.resolve("c.db"));
        assertFails(FailureKind.REJECTED, () -> Catalog.openBlocking(file)).contains(file.toString());
    }

    @Test
    void aGeneratedCatalogIsLikeAWrittenOne() throws SQLException {
        Path file = directory.resolve("big.db");
        BigCatalog.writeBlocking(file, 1_000, "disk");
        Catalog catalog = Catalog.openBlocking(file);
        try {
            CatalogReader reader = catalog.reader();
            assertThat(reader.totalsBlocking().files()).isEqualTo(1_000);
            assertThat(reader.totalsBlocking().directories()).isEqualTo(1 + 9 + 84);
            NodeRow artist = reader.childBlocking(NodeId.ROOT, "Artist 00002").orElseThrow();
            NodeRow album = reader.childrenBlocking(artist.id(), "Album 01 (1971) [FLAC]", 1)
                    .get(0);
            NodeRow track = reader.childrenBlocking(album.id(), "", 100).get(11);
            FileRow row = reader.fileBlocking(track.fileId()).orElseThrow();
            assertThat(row.path()).isEqualTo(new RealPath("Artist 00002/Album 02 (1972)/12 - Track 12.flac"));
            assertThat(reader.filesInBlocking(new OriginId("disk"), row.path().parent()))
                    .hasSize(BigCatalog.TRACKS_PER_ALBUM)
                    .contains(row);
            assertThat(reader.foldersInBlocking(new OriginId("disk"), new RealPath("Artist 00001")))
                    .hasSize(BigCatalog.ALBUMS_PER_ARTIST);
        } finally {
            catalog.closeBlocking();
        }
        assertThat(ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(ask(file, "SELECT count(*) FROM pragma_foreign_key_check")).isEqualTo("0");
        assertThat(ask(file, "SELECT count(*) FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql <> ''"))
                .isEqualTo("10");
    }

    private static org.assertj.core.api.AbstractStringAssert<?> assertFails(FailureKind kind, ThrowingCallable action) {
        MusicFsException[] failure = new MusicFsException[1];
        assertThatThrownBy(action).isInstanceOfSatisfying(MusicFsException.class, e -> failure[0] = e);
        assertThat(failure[0].kind()).as(failure[0].getMessage()).isEqualTo(kind);
        return assertThat(failure[0].getMessage());
    }

    private static void write(Catalog catalog, Mutation... mutations) {
        Vertx vertx = TestingVertx.start();
        try {
            catalog.startWriter(vertx)
                    .apply(List.of(mutations))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        } finally {
            catalog.closeBlocking();
            vertx.close();
        }
    }

    private static String ask(Path file, String sql) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
