package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.BigCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    private static final Migration FIRST = Migration.ofResource("V1__catalog.sql");

    @TempDir
    private Path directory;

    @Test
    void eachStepRunsOnceAndIsRemembered() throws SQLException {
        Path file = directory.resolve("c.db");
        Migration second = new Migration(2, "more", "CREATE TABLE more (x); INSERT INTO more VALUES (1);");
        Catalog.openBlocking(file).closeBlocking();
        for (int i = 0; i < 2; i++) {
            Catalog.openBlocking(file, Schema.of(List.of(FIRST, second))).closeBlocking();
        }
        assertThat(ask(file, "SELECT group_concat(version || name) FROM schema_version"))
                .isEqualTo("1catalog,2more");
        assertThat(ask(file, "SELECT count(*) FROM more")).isEqualTo("1");
    }

    @Test
    void aStepThatFailsIsUndoneAsAWhole() throws SQLException {
        Path file = directory.resolve("c.db");
        Migration broken = new Migration(2, "broken", "CREATE TABLE more (x); INSERT INTO nowhere VALUES (1);");
        assertFails(FailureKind.INTERNAL, () -> Catalog.openBlocking(file, Schema.of(List.of(FIRST, broken))))
                .contains("nowhere");
        assertThat(ask(file, "SELECT max(version) FROM schema_version")).isEqualTo("1");
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
                .contains("up to 1");
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
            NodeRow album =
                    reader.childrenBlocking(artist.id(), "Album 01 (1971)", 1).get(0);
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
                .isEqualTo("6");
    }

    private static org.assertj.core.api.AbstractStringAssert<?> assertFails(FailureKind kind, ThrowingCallable action) {
        MusicFsException[] failure = new MusicFsException[1];
        assertThatThrownBy(action).isInstanceOfSatisfying(MusicFsException.class, e -> failure[0] = e);
        assertThat(failure[0].kind()).as(failure[0].getMessage()).isEqualTo(kind);
        return assertThat(failure[0].getMessage());
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
