package dev.musicfs.testkit;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes a large catalog for benchmarks and tests, faster than the writer could: indexes and triggers are dropped and
 * put back at the end. Every artist has ten albums of twelve tracks, {@code Artist 00001/Album 01 (1971)/01 - Track
 * 01.flac}, which are where the usual template places them; the content depends on the arguments alone.
 */
public final class BigCatalog {
    /** Tracks on an album. */
    public static final int TRACKS_PER_ALBUM = 12;
    /** Albums of an artist. */
    public static final int ALBUMS_PER_ARTIST = 10;

    private static final int BATCH = 10_000;
    private static final long MTIME_NANOS = 1_700_000_000_000_000_000L;
    private static final long TRACK_BYTES = 30_000_000L;
    private static final String INSERT_FILE = "INSERT INTO file VALUES (" + "?, ".repeat(24) + "0)";

    private final Connection connection;
    private final String origin;
    private final PreparedStatement files;
    private final PreparedStatement nodes;
    private final PreparedStatement folders;
    private long nextNode = NodeId.ROOT.value() + 1;
    private int pending;

    private BigCatalog(Connection connection, String origin) throws SQLException {
        this.connection = connection;
        this.origin = origin;
        this.files = connection.prepareStatement(INSERT_FILE);
        this.nodes = connection.prepareStatement("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?)");
        this.folders = connection.prepareStatement("INSERT INTO folder VALUES (?, ?, ?)");
    }

    /** Arguments: database file (new or empty), number of tracks, origin id. */
    public static void main(String[] args) throws SQLException {
        if (args.length != 3) {
            throw new IllegalArgumentException("usage: BigCatalog <database file> <tracks> <origin id>");
        }
        int tracks = Integer.parseInt(args[1]);
        long start = System.nanoTime();
        writeBlocking(Path.of(args[0]), tracks, args[2]);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%d tracks in %.1f s, %.0f/s%n", tracks, seconds, tracks / seconds);
    }

    /** Fills a new catalog and closes it. */
    public static void writeBlocking(Path database, int tracks, String origin) throws SQLException {
        Catalog.openBlocking(database).closeBlocking();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("PRAGMA journal_mode = OFF");
            statement.execute("PRAGMA cache_size = -65536");
            connection.setAutoCommit(false);
            List<String> rebuild = dropIndexesAndTriggers(statement);
            new BigCatalog(connection, origin).write(tracks);
            for (String sql : rebuild) {
                statement.executeUpdate(sql);
            }
            statement.executeUpdate(
                    "UPDATE totals SET (files, directories, bytes) ="
                            + " (SELECT count(file_id), count(*) - count(file_id), sum(iif(file_id IS NULL, 0, size)) FROM node)");
            statement.executeUpdate("UPDATE sequence SET next = 1 + (SELECT max(id) FROM node) WHERE name = 'node'");
            statement.executeUpdate(
                    "UPDATE sequence SET next = 1 + (SELECT coalesce(max(id), 0) FROM file) WHERE name = 'file'");
            note(connection, "copies.ranks", origin);
            note(connection, "tree.template", DefaultConfig.TEMPLATE);
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("PRAGMA journal_mode = WAL");
        }
    }

    private static void note(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO setting VALUES (?, ?)")) {
            insert.setString(1, name);
            insert.setString(2, value);
            insert.executeUpdate();
        }
    }

    private static List<String> dropIndexesAndTriggers(Statement statement) throws SQLException {
        List<String> drops = new ArrayList<>();
        List<String> rebuild = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT type, name, sql FROM sqlite_schema"
                + " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type")) {
            while (rows.next()) {
                drops.add("DROP " + rows.getString(1) + " " + rows.getString(2));
                rebuild.add(rows.getString(3));
            }
        }
        for (String drop : drops) {
            statement.executeUpdate(drop);
        }
        return rebuild;
    }

    private void write(int tracks) throws SQLException {
        int written = 0;
        for (int artist = 1; written < tracks; artist++) {
            String artistName = String.format(Locale.ROOT, "Artist %05d", artist);
            long artistNode = directory(NodeId.ROOT.value(), "", artistName, artistName);
            for (int album = 1; album <= ALBUMS_PER_ARTIST && written < tracks; album++) {
                String albumName = String.format(Locale.ROOT, "Album %02d (%d)", album, 1970 + album);
                long albumNode = directory(artistNode, artistName, albumName, albumName + " [FLAC]");
                for (int track = 1; track <= TRACKS_PER_ALBUM && written < tracks; track++) {
                    written++;
                    track(written, albumNode, artistName, albumName, album, track);
                }
            }
        }
        flush();
    }

    private long directory(long parent, String folder, String name, String shown) throws SQLException {
        bind(folders, origin, bytes(folder), bytes(name));
        long id = nextNode++;
        bind(nodes, id, parent, shown, null, 0, MTIME_NANOS);
        return id;
    }

    private void track(long file, long albumNode, String artist, String album, int albumNumber, int track)
            throws SQLException {
        String title = (track < 10 ? "Track 0" : "Track ") + track;
        String name = title.substring("Track ".length()) + " - " + title + ".flac";
        long size = TRACK_BYTES + file % 1_000;
        bind(
                files,
                file,
                origin,
                bytes(artist + "/" + album),
                bytes(name),
                1,
                size,
                MTIME_NANOS,
                "",
                file,
                title,
                artist,
                artist,
                album.substring(0, album.indexOf(" (")),
                "Rock",
                "",
                1970 + albumNumber,
                track,
                1,
                1,
                0,
                "flac",
                240_000,
                900,
                1);
        bind(nodes, nextNode++, albumNode, name, file, size, MTIME_NANOS);
        if (++pending == BATCH) {
            flush();
        }
    }

    private void flush() throws SQLException {
        files.executeBatch();
        folders.executeBatch();
        nodes.executeBatch();
        connection.commit();
        pending = 0;
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
