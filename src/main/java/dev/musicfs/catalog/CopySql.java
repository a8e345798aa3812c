package dev.musicfs.catalog;

import dev.musicfs.catalog.MutationSql.Step;
import dev.musicfs.model.ChunkId;
import io.vertx.sqlclient.Tuple;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SQL of copies of one track. Every query ends in a lookup through an index. */
final class CopySql {
    private static final String FILE = of("f", Rows.FILE_COLUMNS);
    private static final String SAME_VERSION =
            "size = f.size AND %1$s.mtime_ns = f.mtime_ns AND %1$s.version_tag =" + " f.version_tag";
    private static final int FIRST_LAYOUT_COLUMN = 1 + Rows.FILE_COLUMNS.split(",", -1).length;
    // CROSS: in this order, whatever the planner thinks.
    private static final String OF_LAYOUT = " FROM layout l CROSS JOIN file f ON f.id = l.file_id AND l."
            + String.format(SAME_VERSION, "l") + " WHERE l.stream_hash <> '' AND l.stream_hash = ?";

    /** The group of a file, its leader first. */
    static final String COPIES = "WITH led (id) AS (SELECT iif(leader > 0, leader, id) FROM file WHERE id = ?),"
            + " member (id, leader) AS (SELECT id, 0 FROM led UNION ALL"
            + " SELECT c.id, c.leader FROM led CROSS JOIN file c ON c.leader > 0 AND c.leader = led.id)"
            + " SELECT " + FILE + ", " + of("l", LayoutColumns.NAMES) + ", m.content"
            + " FROM member CROSS JOIN file f ON f.id = member.id"
            + " LEFT JOIN layout l ON l.file_id = f.id AND l." + String.format(SAME_VERSION, "l")
            + " LEFT JOIN manifest m ON m.file_id = f.id AND m." + String.format(SAME_VERSION, "m")
            + " ORDER BY member.leader, f.id";

    static final String LEADER = "SELECT iif(leader > 0, leader, id) FROM file WHERE id = ?";

    /** The origins that have files, found by as many lookups as there are, then one more for each. */
    static final String AT_PATH = "WITH RECURSIVE o (origin) AS (SELECT min(origin) FROM file UNION ALL"
            + " SELECT (SELECT min(origin) FROM file WHERE origin > o.origin) FROM o WHERE o.origin IS NOT NULL)"
            + " SELECT " + FILE + " FROM o CROSS JOIN file f"
            + " ON f.origin = o.origin AND f.folder = ? AND f.name = ? ORDER BY f.id";

    static final String WITH_AUDIO = "SELECT " + FILE + OF_LAYOUT + " AND l.audio_end - l.audio_start = ? LIMIT ?";

    static final String WITH_CONTENT =
            "SELECT " + FILE + " FROM manifest m CROSS JOIN file f ON f.id = m.file_id AND m."
                    + String.format(SAME_VERSION, "m") + " WHERE m.content IS NOT NULL AND m.content = ? LIMIT ?";

    static final String CONTENT_OF = "SELECT m.content FROM file f CROSS JOIN manifest m ON m.file_id = f.id AND m."
            + String.format(SAME_VERSION, "m") + " WHERE f.id = ? AND m.content IS NOT NULL";

    static final String FILES_AFTER = "SELECT " + Rows.FILE_COLUMNS + " FROM file WHERE id > ? ORDER BY id LIMIT ?";

    static final String SETTING = "SELECT value FROM setting WHERE name = ?";

    private static final String FOLLOW = "UPDATE file SET leader = ? WHERE id = ?";
    private static final String PUT_CONTENT =
            "UPDATE manifest SET content = ? WHERE file_id = ? AND " + VersionColumns.ARE;
    private static final String PUT_SETTING = "INSERT INTO setting (name, value) VALUES (?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    private CopySql() {}

    /** One row of {@link #COPIES}. */
    static CopyMatch.Known known(ResultSet row) throws SQLException {
        Optional<dev.musicfs.model.AudioLayout> layout = row.getBytes(FIRST_LAYOUT_COLUMN + 2) == null
                ? Optional.empty()
                : Optional.of(LayoutColumns.read(row, FIRST_LAYOUT_COLUMN));
        Optional<ChunkId> content = Optional.ofNullable(row.getBytes(FIRST_LAYOUT_COLUMN + LayoutColumns.COUNT))
                .map(ChunkId::ofBytes);
        return new CopyMatch.Known(Rows.file(row), layout, content);
    }

    static List<Step> steps(Mutation.OfCopies mutation) {
        if (mutation instanceof Mutation.Follow follow) {
            return List.of(new Step(FOLLOW, Tuple.of(follow.leaderId(), follow.fileId())));
        } else if (mutation instanceof Mutation.PutContent put) {
            Tuple values = Tuple.of(put.content().toBytes(), put.fileId());
            return List.of(new Step(PUT_CONTENT, VersionColumns.add(values, put.version())));
        } else if (mutation instanceof Mutation.PutSetting put) {
            return List.of(new Step(PUT_SETTING, Tuple.of(put.name(), put.value())));
        }
        throw new IllegalArgumentException("no SQL for " + mutation);
    }

    private static String of(String table, String columns) {
        return Arrays.stream(columns.split(", ?", -1))
                .map(name -> table + "." + name)
                .collect(Collectors.joining(", "));
    }
}
