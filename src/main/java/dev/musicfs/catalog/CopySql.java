package dev.musicfs.catalog;

import dev.musicfs.catalog.Mutation.TakeOvers.TakeOver;
import dev.musicfs.model.ChunkId;
import io.vertx.sqlclient.Tuple;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
            + String.format(Locale.ROOT, SAME_VERSION, "l") + " WHERE l.stream_hash <> '' AND l.stream_hash = ?";

    /** The group of a file, its leader first. */
    static final String COPIES = "WITH led (id) AS (SELECT iif(leader > 0, leader, id) FROM file WHERE id = ?),"
            + " member (id, leader) AS (SELECT id, 0 FROM led UNION ALL"
            + " SELECT c.id, c.leader FROM led CROSS JOIN file c ON c.leader > 0 AND c.leader = led.id)"
            + " SELECT " + FILE + ", " + of("l", LayoutColumns.NAMES) + ", m.content"
            + " FROM member CROSS JOIN file f ON f.id = member.id"
            + " LEFT JOIN layout l ON l.file_id = f.id AND l." + String.format(Locale.ROOT, SAME_VERSION, "l")
            + " LEFT JOIN manifest m ON m.file_id = f.id AND m." + String.format(Locale.ROOT, SAME_VERSION, "m")
            + " ORDER BY member.leader, f.id";

    static final String LEADER = "SELECT iif(leader > 0, leader, id) FROM file WHERE id = ?";

    // As many lookups as there are origins.
    private static final String OF_ORIGINS = "WITH RECURSIVE o (origin) AS (SELECT min(origin) FROM file UNION ALL"
            + " SELECT (SELECT min(origin) FROM file WHERE origin > o.origin) FROM o WHERE o.origin IS NOT NULL)";

    static final String ORIGINS = OF_ORIGINS + " SELECT origin FROM o WHERE origin IS NOT NULL ORDER BY origin";

    static final String AT_PATH = OF_ORIGINS + " SELECT " + FILE + " FROM o CROSS JOIN file f"
            + " ON f.origin = o.origin AND f.folder = ? AND f.name = ? ORDER BY f.id";

    static final String WITH_AUDIO = "SELECT " + FILE + OF_LAYOUT + " AND l.audio_end - l.audio_start = ? LIMIT ?";

    static final String WITH_CONTENT = "SELECT " + FILE
            + " FROM manifest m CROSS JOIN file f ON f.id = m.file_id AND m."
            + String.format(Locale.ROOT, SAME_VERSION, "m") + " WHERE m.content IS NOT NULL AND m.content = ? LIMIT ?";

    static final String CONTENT_OF = "SELECT m.content FROM file f CROSS JOIN manifest m ON m.file_id = f.id AND m."
            + String.format(Locale.ROOT, SAME_VERSION, "m") + " WHERE f.id = ? AND m.content IS NOT NULL";

    static final String FILES_AFTER = "SELECT " + Rows.FILE_COLUMNS + " FROM file WHERE id > ? ORDER BY id LIMIT ?";

    static final String SETTING = "SELECT value FROM setting WHERE name = ?";

    private static final String FOLLOW = "UPDATE file SET leader = ? WHERE id = ?";
    private static final String PUT_CONTENT =
            "UPDATE manifest SET content = ? WHERE file_id = ? AND " + VersionColumns.ARE;
    private static final String STALE_OF =
            " WHERE file_id = ? AND NOT EXISTS (SELECT 1 FROM file f WHERE f.id = file_id"
                    + " AND f.size = %1$s.size AND f.mtime_ns = %1$s.mtime_ns AND f.version_tag = %1$s.version_tag)";
    private static final String FROM_OTHER = " FROM file t CROSS JOIN file f ON f.id = ? CROSS JOIN %1$s o"
            + " ON o.file_id = f.id AND o." + String.format(Locale.ROOT, SAME_VERSION, "o")
            + " WHERE t.id = ? ON CONFLICT (file_id) DO NOTHING";
    private static final String OF_TARGET = " SELECT t.id, t.size, t.mtime_ns, t.version_tag, ";
    private static final String FORGET_STALE_LAYOUT =
            "DELETE FROM layout" + String.format(Locale.ROOT, STALE_OF, "layout");
    private static final String FORGET_STALE_MANIFEST =
            "DELETE FROM manifest" + String.format(Locale.ROOT, STALE_OF, "manifest");
    private static final String TAKE_LAYOUT = "INSERT INTO layout (" + Rows.LAYOUT_COLUMNS + ")" + OF_TARGET
            + of("o", LayoutColumns.NAMES) + String.format(Locale.ROOT, FROM_OTHER, "layout");
    private static final String TAKE_MANIFEST =
            "INSERT INTO manifest (" + Rows.LAYOUT_COLUMNS + ", content)" + OF_TARGET + of("o", LayoutColumns.NAMES)
                    + ", o.content" + String.format(Locale.ROOT, FROM_OTHER, "manifest");
    private static final String TAKE_BLOCKS = "INSERT INTO block (file_id, number, chunk)"
            + " SELECT t.file_id, b.number, b.chunk FROM manifest o CROSS JOIN file f ON f.id = o.file_id AND o."
            + String.format(Locale.ROOT, SAME_VERSION, "o")
            + " CROSS JOIN manifest t ON t.file_id = ? AND t.size = o.size"
            + " AND t.audio_start = o.audio_start AND t.audio_end = o.audio_end AND t.pictures = o.pictures"
            + " CROSS JOIN block b ON b.file_id = o.file_id WHERE o.file_id = ?"
            + " ON CONFLICT (file_id, number) DO NOTHING";
    private static final String GIVE_UP_MANIFEST = "DELETE FROM manifest WHERE file_id = ? AND EXISTS"
            + " (SELECT 1 FROM manifest t WHERE t.file_id = ? AND t.size = manifest.size)";
    private static final String TAKE_PIN = "INSERT INTO pin (file_id) SELECT f.id FROM pin p CROSS JOIN file f"
            + " ON f.id = ? WHERE p.file_id = ? ON CONFLICT DO NOTHING";
    private static final String GIVE_UP_PIN = "DELETE FROM pin WHERE file_id = ?";
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

    static List<SqlStep> steps(Mutation.OfCopies mutation) {
        if (mutation instanceof Mutation.Follow follow) {
            return List.of(new SqlStep(FOLLOW, Tuple.of(follow.leaderId(), follow.fileId())));
        } else if (mutation instanceof Mutation.TakeOvers overs) {
            return takeOvers(overs.all());
        } else if (mutation instanceof Mutation.PutContent put) {
            Tuple values = Tuple.of(put.content().toBytes(), put.fileId());
            return List.of(new SqlStep(PUT_CONTENT, VersionColumns.add(values, put.version())));
        } else if (mutation instanceof Mutation.PutSetting put) {
            return List.of(new SqlStep(PUT_SETTING, Tuple.of(put.name(), put.value())));
        }
        throw new IllegalArgumentException("no SQL for " + mutation);
    }

    // One statement for all of them, then the next: a run of the same statement is one round trip.
    private static List<SqlStep> takeOvers(List<TakeOver> all) {
        List<TakeOver> same = all.stream().filter(TakeOver::same).toList();
        List<SqlStep> steps = new ArrayList<>();
        all.forEach(one -> steps.add(new SqlStep(TAKE_PIN, Tuple.of(one.toId(), one.fromId()))));
        all.forEach(one -> steps.add(new SqlStep(GIVE_UP_PIN, Tuple.of(one.fromId()))));
        same.forEach(one -> steps.add(new SqlStep(FORGET_STALE_LAYOUT, Tuple.of(one.toId()))));
        same.forEach(one -> steps.add(new SqlStep(TAKE_LAYOUT, Tuple.of(one.fromId(), one.toId()))));
        same.forEach(one -> steps.add(new SqlStep(FORGET_STALE_MANIFEST, Tuple.of(one.toId()))));
        same.forEach(one -> steps.add(new SqlStep(TAKE_MANIFEST, Tuple.of(one.fromId(), one.toId()))));
        same.forEach(one -> steps.add(new SqlStep(TAKE_BLOCKS, Tuple.of(one.toId(), one.fromId()))));
        same.forEach(one -> steps.add(new SqlStep(GIVE_UP_MANIFEST, Tuple.of(one.fromId(), one.toId()))));
        return steps;
    }

    private static String of(String table, String columns) {
        return Arrays.stream(columns.split(", ?", -1))
                .map(name -> table + "." + name)
                .collect(Collectors.joining(", "));
    }
}
