package dev.musicfs.catalog;

import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What MusicFS knows about the library, in one SQLite file in WAL mode (two more files lie beside it while it is open).
 *
 * <p>The reader works from the moment the catalog is open, before there is a Vert.x; the writer is started later. The
 * driver unpacks its native library at the first use in a process, into the directory the system property
 * {@code org.sqlite.tmpdir} names: set it before, and to a directory with few entries, because the driver looks through
 * it for leftovers.
 */
public final class Catalog {
    private static final int CLOSE_PATIENCE_SECONDS = 30;

    private final CatalogDatabase database;
    private final IdSequence fileIds;
    private final IdSequence nodeIds;
    private final ReaderPool readers;
    private final CatalogReader reader;
    private @Nullable SqlWriter writer;
    private boolean closed;

    private Catalog(CatalogDatabase database, IdSequence fileIds, IdSequence nodeIds) {
        this.database = database;
        this.fileIds = fileIds;
        this.nodeIds = nodeIds;
        this.readers = new ReaderPool(database);
        this.reader = new SqlReader(readers);
    }

    /**
     * Opens the catalog, creating it (and missing directories, for their owner only) and bringing it to the present
     * schema. Takes milliseconds whatever its size: nothing is scanned, so damage shows when it is met.
     *
     * @throws MusicFsException {@code INVALID} for a file of a newer MusicFS or of another program, which is left as it
     *     is; {@code CORRUPT} for a damaged one; {@code REJECTED}, {@code NO_SPACE} or {@code UNAVAILABLE} when the
     *     file cannot be used
     */
    public static Catalog openBlocking(Path databaseFile) {
        return openBlocking(databaseFile, Schema.current());
    }

    static Catalog openBlocking(Path databaseFile, Schema schema) {
        CatalogDatabase database = new CatalogDatabase(databaseFile);
        try {
            Failpoints.hit("db-open-corrupt");
            database.createBlocking();
            try (Connection connection = database.openDurableBlocking()) {
                schema.migrateBlocking(connection, database.file());
                connection.setAutoCommit(false);
                IdSequence fileIds = IdSequence.reserveBlocking(connection, "file");
                IdSequence nodeIds = IdSequence.reserveBlocking(connection, "node");
                connection.commit();
                return new Catalog(database, fileIds, nodeIds);
            }
        } catch (IOException | SQLException e) {
            throw SqliteFailure.of(database.file(), "open", e);
        }
    }

    /** The reader, one for all threads. */
    public CatalogReader reader() {
        return reader;
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
        try {
            if (writer != null) {
                awaitClose(writer);
            }
        } finally {
            readers.closeBlocking();
        }
        try (Connection connection = database.openDurableBlocking();
                Statement statement = connection.createStatement()) {
            fileIds.giveBackBlocking(connection);
            nodeIds.giveBackBlocking(connection);
            statement.execute("PRAGMA optimize");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw SqliteFailure.of(database.file(), "close", e);
        }
    }

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
