package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.CopyRow.Relation;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogCopiesTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private Catalog catalog;
    private CatalogReader reader;
    private CatalogWriter writer;

    @BeforeEach
    void open() {
        catalog = Catalog.openBlocking(directory.resolve("c.db"));
        reader = catalog.reader();
        writer = catalog.startWriter(vertx);
    }

    @AfterEach
    void close() throws TimeoutException {
        catalog.closeBlocking();
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    @Test
    void aFileAloneIsItsOwnLeader() {
        FileRow one = file(1, "a", "x/y.flac", 100, "t");
        apply(new Mutation.PutFile(one));
        assertThat(relations(1)).isEqualTo(Map.of(1L, Relation.LEADER));
        assertThat(reader.leaderOfBlocking(1)).contains(1L);
        assertThat(reader.copiesBlocking(9)).isEmpty();
        assertThat(reader.leaderOfBlocking(9)).isEmpty();
        assertThat(reader.originsBlocking()).containsExactly(one.origin());
    }

    @Test
    void copiesAreWhatSizesTagsAndLayoutsSay() {
        AudioLayout layout = new AudioLayout(10, 90, List.of(new ByteRange(2, 3)), HASH);
        AudioLayout shifted = new AudioLayout(30, 110, List.of(), HASH);
        AudioLayout shorter = new AudioLayout(10, 80, List.of(), HASH);
        apply(
                new Mutation.PutFile(file(5, "a", "x.flac", 100, "t")),
                new Mutation.PutFile(file(1, "b", "x.flac", 100, "t")), // nothing known of its layout
                new Mutation.PutFile(file(2, "c", "x.flac", 100, "t")),
                new Mutation.PutFile(file(3, "d", "x.flac", 120, "t")),
                new Mutation.PutFile(file(4, "e", "x.flac", 90, "t")),
                new Mutation.PutFile(file(6, "f", "x.flac", 100, "other")),
                new Mutation.PutFile(file(7, "g", "x.flac", 120, "t")),
                layout(5, 100, layout),
                layout(2, 100, layout),
                layout(3, 120, shifted),
                layout(4, 90, shorter),
                layout(6, 100, layout),
                layout(7, 119, shifted)); // of an older version
        for (long id : List.of(1L, 2L, 3L, 4L, 6L, 7L)) {
            apply(new Mutation.Follow(id, 5));
        }
        assertThat(relations(3))
                .isEqualTo(Map.of(
                        5L, Relation.LEADER,
                        1L, Relation.WHOLE,
                        2L, Relation.WHOLE,
                        3L, Relation.AUDIO,
                        4L, Relation.STALE,
                        6L, Relation.AUDIO,
                        7L, Relation.STALE));
        List<CopyRow> rows = reader.copiesBlocking(5);
        assertThat(rows.get(0).file().id()).isEqualTo(5);
        assertThat(rows.get(0).layout()).contains(layout);
        assertThat(rows).filteredOn(row -> row.file().id() == 7).allMatch(row -> row.layout()
                .isEmpty());
        apply(new Mutation.PutFile(file(3, "d", "x.flac", 120, "renamed")));
        assertThat(reader.leaderOfBlocking(3)).as("a put keeps the leader").contains(5L);
        apply(new Mutation.Follow(3, 0));
        assertThat(relations(5)).doesNotContainKey(3L);
        assertThat(relations(3)).isEqualTo(Map.of(3L, Relation.LEADER));
    }

    @Test
    void theContentHashOfACompleteManifestDecidesAsLongAsItIsOfTheVersion() {
        FileRow one = file(1, "a", "x.mp3", 100, "t");
        FileRow two = file(2, "b", "y.mp3", 100, "u");
        ChunkId content = new ChunkId(1, 2, 3, 4);
        apply(
                new Mutation.PutFile(one),
                new Mutation.PutFile(two),
                new Mutation.BeginManifest(1, one.version(), AudioLayout.unknown(100), Map.of()),
                new Mutation.BeginManifest(2, two.version(), AudioLayout.unknown(100), Map.of()),
                new Mutation.PutContent(1, one.version(), content),
                new Mutation.Follow(2, 1));
        assertThat(relations(1)).containsEntry(2L, Relation.STALE);
        apply(
                new Mutation.PutContent(2, new FileVersion(100, 8, ""), content),
                new Mutation.PutContent(77, two.version(), content));
        assertThat(reader.filesWithContentBlocking(content, 10)).containsExactly(one);
        apply(new Mutation.PutContent(2, two.version(), content));
        assertThat(relations(1)).containsEntry(2L, Relation.WHOLE);
        assertThat(reader.filesWithContentBlocking(content, 10)).containsExactlyInAnyOrder(one, two);
        assertThat(reader.contentBlocking(2)).contains(content);
        FileRow newer = file(2, "b", "y.mp3", 101, "u");
        apply(new Mutation.PutFile(newer));
        assertThat(reader.contentBlocking(2)).isEmpty();
        assertThat(reader.filesWithContentBlocking(content, 10)).containsExactly(one);
    }

    @Test
    void filesAreFoundByPathAndByAudioInEveryOrigin() {
        FileRow one = file(1, "a", "x/y.flac", 100, "t");
        FileRow two = file(2, "b", "x/y.flac", 200, "t");
        FileRow three = file(3, "c", "z.flac", 100, "t");
        apply(
                new Mutation.PutFile(one),
                new Mutation.PutFile(two),
                new Mutation.PutFile(three),
                layout(1, 100, new AudioLayout(10, 90, List.of(), HASH)),
                layout(2, 100, new AudioLayout(10, 90, List.of(), HASH)), // not its present version
                layout(3, 100, new AudioLayout(20, 100, List.of(), HASH)));
        assertThat(reader.filesAtBlocking(one.path())).containsExactly(one, two);
        assertThat(reader.filesAtBlocking(three.path())).containsExactly(three);
        assertThat(reader.filesAtBlocking(new RealPath("x"))).isEmpty();
        assertThat(reader.filesWithAudioBlocking(HASH, 80, 10)).containsExactlyInAnyOrder(one, three);
        assertThat(reader.filesWithAudioBlocking(HASH, 80, 1)).hasSize(1);
        assertThat(reader.filesWithAudioBlocking(HASH, 81, 10)).isEmpty();
        assertThat(reader.filesWithAudioBlocking("", 80, 10)).isEmpty();
        assertThat(reader.filesAfterBlocking(1, 1)).containsExactly(two);
        assertThat(reader.originsBlocking()).containsExactly(one.origin(), two.origin(), three.origin());
    }

    @Test
    void settingsAreRemembered() {
        assertThat(reader.settingBlocking("ranks")).isEmpty();
        apply(new Mutation.PutSetting("ranks", "a b"), new Mutation.PutSetting("ranks", "b a"));
        assertThat(reader.settingBlocking("ranks")).contains("b a");
    }

    @Test
    void noQuestionAboutCopiesLooksThroughATable() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("c.db"))) {
            for (String sql : List.of(
                    CopySql.COPIES,
                    CopySql.LEADER,
                    CopySql.AT_PATH,
                    CopySql.WITH_AUDIO,
                    CopySql.WITH_CONTENT,
                    CopySql.CONTENT_OF,
                    CopySql.FILES_AFTER,
                    CopySql.ORIGINS,
                    CopySql.SETTING)) {
                assertThat(plan(connection, sql))
                        .as(sql)
                        .isNotEmpty()
                        .noneMatch(step -> step.matches("SCAN (file|layout|manifest|l|m|f|c|setting)\\b.*"));
            }
            assertThat(plan(connection, CopySql.AT_PATH))
                    .anyMatch(step -> step.contains("file_place (origin=? AND folder=? AND name=?)"));
            assertThat(plan(connection, CopySql.COPIES)).anyMatch(step -> step.contains("file_leader"));
            assertThat(plan(connection, CopySql.WITH_AUDIO)).anyMatch(step -> step.contains("layout_stream"));
            assertThat(plan(connection, CopySql.WITH_CONTENT)).anyMatch(step -> step.contains("manifest_content"));
        }
    }

    private static List<String> plan(Connection connection, String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                ResultSet rows = explain.executeQuery()) {
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
        }
        return steps;
    }

    private Map<Long, Relation> relations(long fileId) {
        Map<Long, Relation> relations = new java.util.HashMap<>();
        reader.copiesBlocking(fileId).forEach(row -> relations.put(row.file().id(), row.relation()));
        return relations;
    }

    private static Mutation layout(long id, long size, AudioLayout layout) {
        return new Mutation.PutLayout(id, new FileVersion(size, 7, ""), layout);
    }

    private static FileRow file(long id, String origin, String path, long size, String title) {
        TrackTags tags = new TrackTags(title, "A", "", "B", "", "", 0, 1, 0, 0, false, "flac", 1000, 900);
        return new FileRow(
                id,
                new OriginId(origin),
                new RealPath(path),
                FileKind.AUDIO,
                new FileVersion(size, 7, ""),
                0,
                tags,
                true);
    }

    private void apply(Mutation... mutations) {
        try {
            writer.apply(List.of(mutations)).await(60, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }
}
