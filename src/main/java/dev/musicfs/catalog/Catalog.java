package dev.musicfs.catalog;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Clock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What MusicFS knows about the library, in one SQLite file in WAL mode (two more files lie beside it while it is open).
 *
 * <p>The reader works from the moment the catalog is open, before there is a Vert.x; the writer is started later. The
 * driver's native library is unpacked at the first use in a process, into a directory below {@code java.io.tmpdir} that is
 * deleted at once, or into the one the system property {@code org.sqlite.tmpdir} names.
 */
public final class Catalog {
    private static final int CLOSE_PATIENCE_SECONDS = 30;

    private final CatalogDatabase database;
    private final Connection maintenanceConnection;
    private final IdSequence fileIds;
    private final IdSequence nodeIds;
    private final boolean closedInOrder;
    private final ReaderPool readers;
    private final CatalogReader reader;
    private final CatalogMaintenance maintenance;
    private @Nullable SqlWriter writer;
    private boolean closed;

    private Catalog(
            CatalogDatabase database,
            Connection maintenanceConnection,
            IdSequence fileIds,
            IdSequence nodeIds,
            boolean closedInOrder) {
        this.database = database;
        this.maintenanceConnection = maintenanceConnection;
        this.fileIds = fileIds;
        this.nodeIds = nodeIds;
        this.closedInOrder = closedInOrder;
        this.maintenance = new CatalogMaintenance(database, maintenanceConnection);
        this.readers = new ReaderPool(database);
        this.reader = new SqlReader(readers);
    }

    /**
     * Opens the catalog, creating it (and missing directories, for their owner only) and bringing it to the present
     * schema. Takes milliseconds whatever its size: nothing is scanned, so damage shows when it is met.
     *
     * @throws MusicFsException {@code INVALID} for a file of a newer MusicFS or of another program, which is left as it
     *     is; {@code CORRUPT} for a damaged one; {@code REJECTED}, {@code NO_SPACE} or {@code UNAVAILABLE} when the
     *     file cannot be used, as when another process has locked it for more than five seconds
     */
    public static Catalog openBlocking(Path databaseFile) {
        return openBlocking(databaseFile, Schema.current());
    }

    /**
     * Opens the catalog as {@link #openBlocking(Path)} does, and one that is damaged or gone by way of its newest whole
     * backup, or anew without one; what is damaged is set aside beside it. Only then is a whole file read, which takes a
     * second for some hundred MB. The caller holds the lock of the cache directory.
     *
     * @param clock tells how many numbers may have been given out, when nothing else does
     * @throws MusicFsException as {@link #openBlocking(Path)}; {@code CORRUPT} only when what was put in its place is
     *     damaged again
     */
    public static Catalog openOrRecoverBlocking(Path databaseFile, Clock clock) {
        CatalogDatabase database = new CatalogDatabase(databaseFile);
        CatalogRecovery recovery = new CatalogRecovery(database, Schema.current(), clock);
        String cause;
        try {
            Optional<String> known = recovery.causeBlocking();
            if (known.isEmpty()) {
                return openBlocking(databaseFile);
            }
            cause = known.get();
        } catch (IOException e) {
            throw SqliteFailure.of(database.file(), "open", e);
        } catch (MusicFsException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            cause = e.getCause() == null ? String.valueOf(e.getMessage()) : SqliteFailure.reasonOf(e.getCause());
        }
        recovery.recoverBlocking(cause);
        return openBlocking(databaseFile);
    }

    /**
     * Whether there is a catalog, or a backup from which {@link #openOrRecoverBlocking} makes one; no when its directory
     * cannot be looked into, which opening it will say.
     */
    public static boolean existsBlocking(Path databaseFile) {
        try {
            return Files.exists(databaseFile)
                    || !new CatalogBackups(new CatalogDatabase(databaseFile))
                            .newestFirst()
                            .isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether a catalog that another process may have open has anything of this origin; yes as well when it cannot be
     * read, which opening it will say.
     */
    public static boolean knowsBlocking(Path databaseFile, OriginId origin) {
        CatalogDatabase database = new CatalogDatabase(databaseFile);
        try (Connection connection = database.openForInspectionBlocking();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM file WHERE origin = ?1)"
                                + " OR EXISTS (SELECT 1 FROM folder WHERE origin = ?1)")) {
            statement.setString(1, origin.value());
            try (ResultSet row = statement.executeQuery()) {
                return !row.next() || row.getBoolean(1);
            }
        } catch (MusicFsException | SQLException e) {
            return true;
        }
    }

    /**
     * Reads the whole catalog and changes nothing, also while it is in use; takes a second for some hundred MB.
     *
     * @return what is wrong with it, of the kinds of {@link #openBlocking}; empty when nothing is
     */
    public static Optional<MusicFsException> inspectBlocking(Path databaseFile) {
        CatalogDatabase database = new CatalogDatabase(databaseFile);
        try (Connection connection = database.openForInspectionBlocking()) {
            Schema.current().requireKnownBlocking(connection, databaseFile);
            return CatalogDatabase.checkBlocking(connection)
                    .map(damage -> new MusicFsException(
                            FailureKind.CORRUPT, "the catalog " + databaseFile + " is damaged (" + damage + ")"));
        } catch (MusicFsException e) {
            return Optional.of(e);
        } catch (SQLException e) {
            return Optional.of(SqliteFailure.of(databaseFile, "read", e));
        }
    }

    static Catalog openBlocking(Path databaseFile, Schema schema) {
        CatalogDatabase database = new CatalogDatabase(databaseFile);
        Connection connection = null;
        boolean open = false;
        try {
            Failpoints.hit(Failpoint.DB_OPEN_CORRUPT);
            database.createBlocking();
            boolean closedInOrder = !database.hasLogBlocking();
            connection = database.openDurableBlocking();
            schema.migrateBlocking(connection, database.file());
            schema.requireTablesBlocking(connection, database.file());
            connection.setAutoCommit(false);
            IdSequence fileIds = IdSequence.reserveBlocking(connection, "file");
            IdSequence nodeIds = IdSequence.reserveBlocking(connection, "node");
            connection.commit();
            connection.setAutoCommit(true);
            open = true;
            return new Catalog(database, connection, fileIds, nodeIds, closedInOrder);
        } catch (IOException | SQLException e) {
            throw database.openFailureBlocking(e);
        } finally {
            if (connection != null && !open) {
                closeQuietly(connection);
            }
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // What made it useless is on its way to the caller.
        }
    }

    /** The reader, one for all threads. */
    public CatalogReader reader() {
        return reader;
    }

    /** Checks and backups, to be done now and then. */
    public CatalogMaintenance maintenance() {
        return maintenance;
    }

    /** The damage that was met since it was opened; the next start restores the catalog. For any thread, does not block. */
    public Optional<String> damage() {
        return database.damage();
    }

    /** How many lists of changes were applied since it was opened. For any thread. */
    public synchronized long changes() {
        return writer == null ? 0 : writer.applied();
    }

    /** Whether the process that used it last closed it, rather than being killed. */
    public boolean wasClosedInOrder() {
        return closedInOrder;
    }

    /**
     * Starts the one writer; does not block. It ends with the catalog.
     *
     * @throws IllegalStateException when it was started before or the catalog is closed
     */
    public synchronized CatalogWriter startWriter(Vertx vertx) {
        if (closed || writer != null) {
            throw new IllegalStateException(closed ? "the catalog is closed" : "the writer was started before");
        }
        SqlWriter started = new SqlWriter(vertx, database, fileIds, nodeIds);
        writer = started;
        return started;
    }

    /**
     * Lets accepted changes finish, closes every connection and leaves one file behind, tidied for the next start. Not
     * for an event loop, and before its Vert.x is closed. A second call does nothing.
     *
     * @throws MusicFsException when the changes did not finish within half a minute or the file could not be tidied;
     *     the catalog is closed all the same, and nothing that was committed is lost
     */
    public synchronized void closeBlocking() {
        if (closed) {
            return;
        }
        closed = true;
        maintenance.close();
        try {
            if (writer != null) {
                awaitClose(writer);
            }
        } finally {
            readers.closeBlocking();
        }
        try (Connection connection = maintenanceConnection;
                Statement statement = connection.createStatement()) {
            if (database.damage().isPresent()) {
                // It is set aside as it is.
                return;
            }
            fileIds.giveBackBlocking(connection);
            nodeIds.giveBackBlocking(connection);
            statement.execute("PRAGMA optimize");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw database.failure("close", e);
        }
    }

    @Waits("closeBlocking waits on its caller's thread: the files may be closed only after the last change")
    private void awaitClose(SqlWriter started) {
        try {
            started.close().toCompletionStage().toCompletableFuture().get(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.UNAVAILABLE, "interrupted while closing " + database.file(), e);
        } catch (TimeoutException e) {
            throw new MusicFsException(FailureKind.TIMEOUT, "changes of " + database.file() + " did not finish", e);
        } catch (ExecutionException e) {
            throw SqliteFailure.of(database.file(), "close", e);
        }
    }
}
