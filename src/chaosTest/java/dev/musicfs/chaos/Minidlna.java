package dev.musicfs.chaos;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** A real minidlna over a directory. It scans when it is started and is done when its log says so. */
final class Minidlna {
    private static final Duration LONGEST_SCAN = Duration.ofMinutes(3);

    private final Path dir;
    private final Path music;

    /** {@code dir} keeps its database. */
    Minidlna(Path dir, Path music) {
        this.dir = dir;
        this.music = music;
    }

    /** The first scan of all. */
    boolean scan() throws IOException {
        return run("-R", "Scanning " + music + " finished");
    }

    /** What it does when it is told to look again: what it cannot find leaves, what is new comes. */
    boolean rescan() throws IOException {
        return run("-r", "Rescan completed");
    }

    /** Runs it until its log has this; false when that took longer than anybody would wait. */
    private boolean run(String how, String until) throws IOException {
        Path log = dir.resolve("minidlna.log");
        Files.createDirectories(dir.resolve("db"));
        Files.deleteIfExists(log);
        Path config = Files.writeString(
                dir.resolve("minidlna.conf"),
                """
                media_dir=A,%s
                db_dir=%2$s/db
                log_dir=%2$s
                log_level=general,artwork,database,inotify,scanner,metadata,http,ssdp=info
                port=%3$d
                network_interface=lo
                inotify=no
                """
                        .formatted(music, dir, freePort()));
        Process process = new ProcessBuilder(
                        Program.require("minidlnad"), "-S", "-f", config.toString(), "-P", dir + "/pid", how)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("output").toFile())
                .start();
        try {
            return Polling.until(
                    () -> said(log).contains(until)
                            || said(dir.resolve("output")).contains(until),
                    Duration.ofMillis(100),
                    Deadline.in(LONGEST_SCAN));
        } finally {
            Consumers.end(process);
        }
    }

    /** The paths of all tracks in its database, from the root of the music. */
    Set<String> tracks() {
        return query("SELECT PATH FROM DETAILS WHERE MIME LIKE 'audio%'");
    }

    /** Notes that every track was played so many times, as a renderer's playing does. */
    void played(int count) {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT OR REPLACE INTO BOOKMARKS (ID, SEC, WATCH_COUNT) SELECT ID, 0, " + count
                    + " FROM DETAILS WHERE MIME LIKE 'audio%'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tracks of which a play count is remembered, each with it. */
    Set<String> playCounts() {
        return query("SELECT PATH || ' ' || WATCH_COUNT FROM DETAILS JOIN BOOKMARKS ON DETAILS.ID = BOOKMARKS.ID"
                + " WHERE WATCH_COUNT > 0");
    }

    private Set<String> query(String sql) {
        Set<String> found = new TreeSet<>();
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1).substring(music.toString().length() + 1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("db/files.db"));
    }

    private static String said(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
