package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an open catalog safe to lose: SQLite's check of every page, and backups. Over a
 * connection of its own that stays open, so that a catalog whose file somebody deleted can still be saved. Reads and
 * changes go on meanwhile; SQLite's log grows until a backup is made. Every method blocks, and one runs at a time.
 */
public final class CatalogMaintenance {
    private final CatalogDatabase database;
    private final Connection connection;
    private final CatalogBackups backups;
    private final @Nullable Object identity;
    private final ReentrantLock one = new ReentrantLock();
    private volatile @Nullable Statement running;
    private volatile boolean closed;

    CatalogMaintenance(CatalogDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
        this.backups = new CatalogBackups(database);
        this.identity = firstIdentityBlocking();
    }

    /**
     * A backup.
     *
     * @param file where it lies
     * @param wallNanos when it was made, nanoseconds since the epoch
     * @param files how many files its catalog knows; empty when it cannot be read
     */
    public record Backup(Path file, long wallNanos, Optional<Long> files) {}

    /** Something done over the connection. */
    @FunctionalInterface
    private interface Work<T> {
        T run(Statement statement) throws IOException, SQLException;
    }

    /** The newest backup, or none. */
    public Optional<Backup> newestBackupBlocking() {
        try {
            Optional<Path> newest = backups.newestFirst().stream().findFirst();
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            Path file = newest.get();
            return Optional.of(new Backup(
                    file,
                    Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS),
                    CatalogBackups.filesInBlocking(file)));
        } catch (IOException e) {
            throw database.failure("look for backups of", e);
        }
    }

    /**
     * Reads every page, which takes a second for some hundred MB. Damage is noted for the next start and logged; after
     * that {@link Catalog#damage()} tells of it.
     *
     * @return whether it is whole
     * @throws MusicFsException {@code UNAVAILABLE} when it cannot be read, or is closed
     */
    public boolean checkBlocking() {
        try {
            Optional<String> found = work("check", statement -> CatalogDatabase.checkBlocking(connection));
            found.ifPresent(database::noteDamageBlocking);
        } catch (MusicFsException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
        }
        return database.damage().isEmpty();
    }

    /**
     * Whether the catalog's file is still the one that was opened, rather than deleted or replaced.
     *
     * @throws MusicFsException when that cannot be seen at present, with what keeps it from that
     */
    public boolean isInPlaceBlocking() {
        try {
            return identity == null || identity.equals(identityBlocking());
        } catch (IOException e) {
            throw database.failure("look for", e);
        }
    }

    /** Notes that the file is not the one that was opened: what changes from now on is lost with this process. */
    public void noteMisplacedBlocking() {
        database.noteDamageBlocking("its file was deleted or replaced while it was in use");
    }

    /**
     * Makes a backup beside the catalog, as large as what the catalog holds, and lets the oldest beyond three go.
     *
     * @throws MusicFsException {@code NO_SPACE} when the disk has less room than twice the catalog's size, nothing is
     *     left of it then; {@code CORRUPT} when the catalog turns out to be damaged, which is noted as by
     *     {@link #checkBlocking}; {@code UNAVAILABLE} when the disk fails or the catalog is closed
     */
    public Path backUpBlocking() {
        return work("back up", statement -> {
            long needed = 2 * sizeBlocking(statement);
            long free = Files.getFileStore(backups.directory()).getUsableSpace();
            if (free < needed) {
                throw new MusicFsException(
                        FailureKind.NO_SPACE,
                        "no backup of the catalog " + database.file() + " is made: " + needed / 1_000_000
                                + " MB have to be free on its disk");
            }
            return backups.makeBlocking(statement);
        });
    }

    private static long sizeBlocking(Statement statement) throws SQLException {
        long bytes = 1;
        for (String pragma : new String[] {"PRAGMA page_count", "PRAGMA page_size"}) {
            try (ResultSet row = statement.executeQuery(pragma)) {
                bytes *= row.next() ? row.getLong(1) : 0;
            }
        }
        return bytes;
    }

    private <T> T work(String attempt, Work<T> work) {
        one.lock();
        if (closed) {
            one.unlock();
            throw closed(attempt);
        }
        // Who closes meanwhile breaks it off again and again until this is over.
        try (Statement statement = connection.createStatement()) {
            running = statement;
            return work.run(statement);
        } catch (IOException | SQLException e) {
            throw closed ? closed(attempt) : database.failure(attempt, e);
        } finally {
            running = null;
            one.unlock();
        }
    }

    private MusicFsException closed(String attempt) {
        return new MusicFsException(
                FailureKind.UNAVAILABLE, "cannot " + attempt + " the catalog " + database.file() + ": it is closed");
    }

    private @Nullable Object firstIdentityBlocking() {
        try {
            return identityBlocking();
        } catch (IOException e) {
            return null;
        }
    }

    // Device and inode; null when there is no such file.
    private @Nullable Object identityBlocking() throws IOException {
        try {
            return Files.readAttributes(database.file(), BasicFileAttributes.class)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Breaks off what is being done and waits for that; nothing is done afterwards. Leaves the connection open. */
    void close() {
        closed = true;
        while (!tryLock()) {
            Statement now = running;
            if (now != null) {
                cancel(now);
            }
        }
        one.unlock();
    }

    private boolean tryLock() {
        try {
            return one.tryLock(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return one.tryLock();
        }
    }

    private static void cancel(Statement statement) {
        try {
            // sqlite3_interrupt: whatever the connection does ends.
            statement.cancel();
        } catch (SQLException e) {
            // It has just ended by itself.
        }
    }
}
