package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A few connections lent to whichever thread calls. Nothing is tied to a thread, because libfuse makes and ends threads
 * as it likes. The connection that came back last is lent first: its page cache is warm.
 */
final class ReaderPool {
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CatalogDatabase database;
    private final Semaphore permits = new Semaphore(CONNECTIONS);
    private final LinkedBlockingDeque<ReaderConnection> idle = new LinkedBlockingDeque<>(CONNECTIONS);
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    ReaderPool(CatalogDatabase database) {
        this.database = database;
    }

    /** Something that is done with a connection. */
    interface Query<T> {
        T run(ReaderConnection connection) throws SQLException;
    }

    /**
     * Runs a query on a connection of its own.
     *
     * @throws MusicFsException {@code UNAVAILABLE} when no connection came free within five seconds or the pool is
     *     closed, else what {@link SqliteFailure} makes of the error
     */
    <T> T runBlocking(Query<T> query) {
        borrowPermit();
        ReaderConnection connection = null;
        boolean sound = false;
        try {
            connection = takeOrOpen();
            T result = query.run(connection);
            sound = true;
            return result;
        } catch (SQLException e) {
            // A damaged page says nothing about the connection, and a new one need not be to be had.
            sound = connection != null && SqliteFailure.isDamage(e);
            throw database.failure("read", e);
        } finally {
            giveBack(connection, sound);
        }
    }

    private void borrowPermit() {
        boolean borrowed = false;
        try {
            borrowed = permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!borrowed) {
            throw unavailable("all connections are busy");
        }
    }

    private ReaderConnection takeOrOpen() throws SQLException {
        if (closed) {
            throw unavailable("it is closed");
        }
        ReaderConnection connection = idle.pollFirst();
        if (connection != null) {
            return connection;
        }
        try {
            connection = new ReaderConnection(database.openReaderBlocking());
            open.incrementAndGet();
            return connection;
        } catch (SQLException e) {
            return awaitIdle(e);
        }
    }

    /** When no connection can be had, as when the file is gone or descriptors ran out, those that are open do. */
    private ReaderConnection awaitIdle(SQLException failure) throws SQLException {
        ReaderConnection connection = null;
        try {
            if (open.get() > 0) {
                connection = idle.pollFirst(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (connection != null) {
            return connection;
        }
        throw failure;
    }

    private void giveBack(@Nullable ReaderConnection connection, boolean sound) {
        try {
            if (connection != null) {
                if (sound && !closed) {
                    idle.addFirst(connection);
                } else {
                    closeQuietly(connection);
                }
            }
        } finally {
            permits.release();
        }
    }

    private void closeQuietly(ReaderConnection connection) {
        open.decrementAndGet();
        try {
            connection.close();
        } catch (SQLException alreadyBroken) {
            // Nothing can be done about it, and the failure that led here is already on its way to the caller.
        }
    }

    private MusicFsException unavailable(String reason) {
        return new MusicFsException(
                FailureKind.UNAVAILABLE, "cannot read the catalog " + database.file() + ": " + reason);
    }

    /** Refuses new readers, waits a bounded time for those inside, and closes the connections. */
    void closeBlocking() {
        closed = true;
        boolean alone = false;
        try {
            alone = permits.tryAcquire(CONNECTIONS, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (ReaderConnection c = idle.pollFirst(); c != null; c = idle.pollFirst()) {
            closeQuietly(c);
        }
        if (alone) {
            permits.release(CONNECTIONS);
        }
    }
}
