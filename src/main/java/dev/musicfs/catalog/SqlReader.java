package dev.musicfs.catalog;

import dev.musicfs.model.ChunkId;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sqlite.SQLiteErrorCode;

/** Each question is one statement, and so sees one state of the database: all of a transaction or nothing of it. */
final class SqlReader implements CatalogReader {
    private static final String NODE = "SELECT " + Rows.NODE_COLUMNS + " FROM node WHERE id = ?";
    private static final String CHILD = "SELECT " + Rows.NODE_COLUMNS + " FROM node WHERE parent = ? AND name = ?";
    private static final String CHILDREN =
            "SELECT " + Rows.NODE_COLUMNS + " FROM node WHERE parent = ? AND name > ? ORDER BY name LIMIT ?";
    private static final String NODES_OF_FILE =
            "SELECT " + Rows.NODE_COLUMNS + " FROM node WHERE file_id = ? ORDER BY id";
    private static final String FILE = "SELECT " + Rows.FILE_COLUMNS + " FROM file WHERE id = ?";
    private static final String FILES_IN =
            "SELECT " + Rows.FILE_COLUMNS + " FROM file WHERE origin = ? AND folder = ? ORDER BY name LIMIT ?";
    private static final String FILES_WITH_KEY = "SELECT " + Rows.FILE_COLUMNS
            + " FROM file WHERE origin = ? AND file_key = ? AND file_key <> 0 ORDER BY id LIMIT ?";
    private static final String DAMAGED_FILES = "SELECT count(*) FROM file WHERE origin = ? AND well_formed = 0";
    private static final String FOLDERS_IN = "SELECT name FROM folder WHERE origin = ? AND parent = ? ORDER BY name";
    private static final String TOTALS = "SELECT files, directories, bytes FROM totals";

    private static final String LAYOUT = "SELECT " + Rows.LAYOUT_COLUMNS + " FROM layout WHERE file_id = ?";
    private static final String MANIFEST =
            "SELECT " + Rows.MANIFEST_COLUMNS + " FROM manifest LEFT JOIN block USING (file_id) WHERE file_id = ?";
    private static final String MANIFEST_COUNT = "SELECT count(*) FROM manifest";
    private static final String IS_PINNED = "SELECT file_id FROM pin WHERE file_id = ?";
    private static final String PINNED_FILES = "SELECT file_id FROM pin ORDER BY file_id";
    // CROSS: pins first, whatever the planner thinks of their number.
    private static final String PINNED_CHUNKS = "SELECT chunk FROM pin CROSS JOIN block USING (file_id)";

    private final ReaderPool pool;

    SqlReader(ReaderPool pool) {
        this.pool = pool;
    }

    private interface Parameters {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    @Override
    public Optional<NodeRow> nodeBlocking(NodeId node) {
        return first(NODE, s -> s.setLong(1, node.value()), Rows::node);
    }

    @Override
    public Optional<NodeRow> childBlocking(NodeId directory, String name) {
        if (name.isEmpty() || !StoredNames.isStorable(name)) {
            return Optional.empty();
        }
        return first(
                CHILD,
                s -> {
                    s.setLong(1, directory.value());
                    s.setString(2, name);
                },
                Rows::node);
    }

    @Override
    public List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit) {
        return all(
                CHILDREN,
                s -> {
                    s.setLong(1, directory.value());
                    s.setString(2, afterName);
                    s.setInt(3, Math.max(0, limit)); // to SQLite, a negative limit is none
                },
                Rows::node);
    }

    @Override
    public List<NodeRow> nodesOfFileBlocking(long fileId) {
        return all(NODES_OF_FILE, s -> s.setLong(1, fileId), Rows::node);
    }

    @Override
    public Optional<FileRow> fileBlocking(long fileId) {
        return first(FILE, s -> s.setLong(1, fileId), Rows::file);
    }

    @Override
    public List<FileRow> filesInBlocking(OriginId origin, RealPath folder, int limit) {
        return all(
                FILES_IN,
                s -> {
                    at(origin, folder).bind(s);
                    s.setInt(3, limit);
                },
                Rows::file);
    }

    @Override
    public List<FileRow> filesWithKeyBlocking(OriginId origin, long fileKey, int limit) {
        return fileKey == 0
                ? List.of()
                : all(
                        FILES_WITH_KEY,
                        s -> {
                            s.setString(1, origin.value());
                            s.setLong(2, fileKey);
                            s.setInt(3, Math.max(0, limit));
                        },
                        Rows::file);
    }

    @Override
    public long damagedFilesBlocking(OriginId origin) {
        return first(DAMAGED_FILES, s -> s.setString(1, origin.value()), row -> row.getLong(1))
                .orElse(0L);
    }

    @Override
    public List<RealPath> foldersInBlocking(OriginId origin, RealPath folder) {
        return all(FOLDERS_IN, at(origin, folder), row -> folder.resolve(RealPath.decode(row.getBytes(1))));
    }

    @Override
    public Totals totalsBlocking() {
        return first(TOTALS, s -> {}, row -> new Totals(row.getLong(1), row.getLong(2), row.getLong(3)))
                .orElse(new Totals(0, 0, 0));
    }

    @Override
    public Optional<LayoutRow> layoutBlocking(long fileId) {
        return first(LAYOUT, s -> s.setLong(1, fileId), Rows::layout);
    }

    @Override
    public Optional<ManifestRow> manifestBlocking(long fileId) {
        return first(MANIFEST, s -> s.setLong(1, fileId), Rows::manifest);
    }

    @Override
    public long manifestCountBlocking() {
        return first(MANIFEST_COUNT, s -> {}, row -> row.getLong(1)).orElse(0L);
    }

    @Override
    public boolean isPinnedBlocking(long fileId) {
        return !all(IS_PINNED, s -> s.setLong(1, fileId), row -> row.getLong(1)).isEmpty();
    }

    @Override
    public List<CopyRow> copiesBlocking(long fileId) {
        return CopyMatch.rows(all(CopySql.COPIES, s -> s.setLong(1, fileId), CopySql::known));
    }

    @Override
    public Optional<Long> leaderOfBlocking(long fileId) {
        return first(CopySql.LEADER, s -> s.setLong(1, fileId), row -> row.getLong(1));
    }

    @Override
    public List<FileRow> filesAtBlocking(RealPath path) {
        return all(
                CopySql.AT_PATH,
                s -> {
                    s.setBytes(1, path.parent().toBytes());
                    s.setBytes(2, RealPath.encode(path.name()));
                },
                Rows::file);
    }

    @Override
    public List<FileRow> filesWithAudioBlocking(String streamHash, long audioBytes, int limit) {
        return all(
                CopySql.WITH_AUDIO,
                s -> {
                    s.setString(1, streamHash);
                    s.setLong(2, audioBytes);
                    s.setInt(3, Math.max(0, limit));
                },
                Rows::file);
    }

    @Override
    public List<FileRow> filesWithContentBlocking(ChunkId content, int limit) {
        return all(
                CopySql.WITH_CONTENT,
                s -> {
                    s.setBytes(1, content.toBytes());
                    s.setInt(2, Math.max(0, limit));
                },
                Rows::file);
    }

    @Override
    public Optional<ChunkId> contentBlocking(long fileId) {
        return first(CopySql.CONTENT_OF, s -> s.setLong(1, fileId), row -> ChunkId.ofBytes(row.getBytes(1)));
    }

    @Override
    public List<OriginId> originsBlocking() {
        return all(CopySql.ORIGINS, s -> {}, row -> new OriginId(row.getString(1)));
    }

    @Override
    public List<FileRow> filesAfterBlocking(long afterId, int limit) {
        return all(
                CopySql.FILES_AFTER,
                s -> {
                    s.setLong(1, afterId);
                    s.setInt(2, Math.max(0, limit));
                },
                Rows::file);
    }

    @Override
    public Optional<String> settingBlocking(String name) {
        return first(CopySql.SETTING, s -> s.setString(1, name), row -> row.getString(1));
    }

    @Override
    public List<Long> pinnedFilesBlocking() {
        return all(PINNED_FILES, s -> {}, row -> row.getLong(1));
    }

    @Override
    public void pinnedChunksBlocking(Consumer<ChunkId> each) {
        forEach(PINNED_CHUNKS, s -> {}, row -> ChunkId.ofBytes(row.getBytes(1)), each);
    }

    private static Parameters at(OriginId origin, RealPath folder) {
        return s -> {
            s.setString(1, origin.value());
            s.setBytes(2, folder.toBytes());
        };
    }

    private <T> Optional<T> first(String sql, Parameters parameters, RowReader<T> reader) {
        return pool.runBlocking(connection -> {
            PreparedStatement statement = connection.prepare(sql);
            parameters.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(read(reader, rows)) : Optional.empty();
            }
        });
    }

    private <T> List<T> all(String sql, Parameters parameters, RowReader<T> reader) {
        List<T> found = new ArrayList<>();
        forEach(sql, parameters, reader, found::add);
        return found;
    }

    private <T> void forEach(String sql, Parameters parameters, RowReader<T> reader, Consumer<? super T> each) {
        pool.<Boolean>runBlocking(connection -> {
            PreparedStatement statement = connection.prepare(sql);
            parameters.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(read(reader, rows));
                }
            }
            return true;
        });
    }

    /** A row that no record can be made of was not written by us. */
    private static <T> T read(RowReader<T> reader, ResultSet rows) throws SQLException {
        try {
            return reader.read(rows);
        } catch (IllegalArgumentException e) {
            throw new SQLException(e.getMessage(), SqliteFailure.BAD_ROW, SQLiteErrorCode.SQLITE_CORRUPT.code, e);
        }
    }
}
