package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;

/**
 * Brings a database to the schema this program knows, one transaction for each step, and remembers the steps in the
 * table {@code schema_version}.
 */
final class Schema {
    private static final int NEWEST = 4;

    /** Those of the first step that are looked for. */
    private static final int TABLES = 5;

    private final int newest;
    private final Supplier<List<Migration>> migrations;

    private Schema(int newest, Supplier<List<Migration>> migrations) {
        this.newest = newest;
        this.migrations = migrations;
    }

    /** The schema of this program; its resources are read only when a database needs them. */
    static Schema current() {
        return new Schema(
                NEWEST,
                () -> List.of(
                        Migration.ofResource("V1__catalog.sql"),
                        Migration.ofResource("V2__manifests.sql"),
                        Migration.ofResource("V3__copies.sql"),
                        Migration.ofResource("V4__identity.sql")));
    }

    /** A schema of these steps, numbered from 1 without a gap. */
    static Schema of(List<Migration> migrations) {
        return new Schema(migrations.size(), () -> migrations);
    }

    /**
     * Runs the steps the database lacks.
     *
     * @throws MusicFsException {@code INVALID} when the database was written by a newer program or is not a catalog;
     *     it is not changed then
     */
    void migrateBlocking(Connection connection, Path file) throws SQLException {
        if (versionOf(connection, file) == newest) {
            return;
        }
        for (Migration migration : migrations.get()) {
            runBlocking(connection, file, migration);
        }
    }

    /**
     * Refuses a database whose schema this program does not know.
     *
     * @throws MusicFsException {@code INVALID} as {@link #migrateBlocking}
     */
    void requireKnownBlocking(Connection connection, Path file) throws SQLException {
        if (versionOf(connection, file) == 0) {
            throw new MusicFsException(FailureKind.INVALID, "the file " + file + " is empty, not a catalog");
        }
    }

    /**
     * Looks whether the tables without which nothing works are there.
     *
     * @throws MusicFsException {@code CORRUPT} when one is missing, whatever the database says of its version
     */
    void requireTablesBlocking(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                        + " AND name IN ('file', 'folder', 'node', 'totals', 'sequence')")) {
            row.next();
            if (row.getInt(1) < TABLES) {
                throw new MusicFsException(FailureKind.CORRUPT, "the catalog " + file + " has lost a table");
            }
        }
    }

    private void runBlocking(Connection connection, Path file, Migration migration) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            try {
                // Asked again under the lock: another process may have come first.
                if (versionOf(connection, file) < migration.version()) {
                    statement.executeUpdate("CREATE TABLE IF NOT EXISTS schema_version"
                            + " (version INTEGER PRIMARY KEY, name TEXT NOT NULL)");
                    statement.executeUpdate(migration.sql());
                    record(connection, migration);
                }
                statement.executeUpdate("COMMIT");
            } catch (SQLException | RuntimeException e) {
                rollback(statement, e);
                throw e;
            }
        }
    }

    private static void rollback(Statement statement, Exception reason) {
        try {
            statement.executeUpdate("ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
            reason.addSuppressed(alreadyRolledBack);
        }
    }

    private static void record(Connection connection, Migration migration) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO schema_version (version, name) VALUES (?, ?)")) {
            insert.setInt(1, migration.version());
            insert.setString(2, migration.name());
            insert.executeUpdate();
        }
    }

    /** The version of the database, 0 for an empty one. */
    private int versionOf(Connection connection, Path file) throws SQLException {
        int version = storedVersion(connection, file);
        if (version > newest) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "the catalog " + file + " has schema version " + version
                            + ", and this MusicFS knows versions up to " + newest
                            + "; use a newer MusicFS or another catalog file");
        }
        return version;
    }

    private static int storedVersion(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean empty;
            boolean ours;
            try (ResultSet row = statement.executeQuery(
                    "SELECT count(*), coalesce(sum(name = 'schema_version'), 0) FROM sqlite_schema")) {
                row.next();
                empty = row.getInt(1) == 0;
                ours = row.getInt(2) > 0;
            }
            if (empty) {
                return 0;
            }
            if (!ours) {
                throw new MusicFsException(
                        FailureKind.INVALID, "the file " + file + " is a database of another program, not a catalog");
            }
            try (ResultSet row = statement.executeQuery("SELECT coalesce(max(version), 0) FROM schema_version")) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
