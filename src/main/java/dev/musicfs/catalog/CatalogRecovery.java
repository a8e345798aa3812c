package dev.musicfs.catalog;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.WallClock;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.NumberedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts another catalog in the place of one that is damaged or gone: the newest backup that is whole, else an empty one,
 * which the scan fills. What is damaged is set aside as {@code catalog.db.damaged-1} and so on, of which three are kept.
 *
 * <p>A catalog appears under its name only when it is complete, so that a crash at any step leaves a catalog that is
 * missing, and the next start does the same again.
 */
@WallClock("numbers by it when nothing else is known")
final class CatalogRecovery {
    /** How many damaged catalogs are kept, for people to look at. */
    static final int DAMAGED_KEPT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(CatalogRecovery.class);

    /** More than are given out between a backup and the damage. */
    private static final long NUMBERS_SINCE_BACKUP = 4 * IdSequence.BLOCK;

    private static final long MOST_BELIEVED = 1L << 40;
    private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");
    private static final long NUMBERS_A_SECOND = 8;

    private final CatalogDatabase database;
    private final Schema schema;
    private final Clock clock;
    private final Path unfinished;
    private final NumberedFiles damaged;

    CatalogRecovery(CatalogDatabase database, Schema schema, Clock clock) {
        this.database = database;
        this.schema = schema;
        this.clock = clock;
        this.unfinished = database.beside(".restore.tmp");
        this.damaged = database.numbered(".damaged-");
    }

    /**
     * Why the catalog cannot be used, as far as that shows without reading it; one that was found damaged while it was in
     * use is read as a whole. Empty: it may be opened.
     */
    Optional<String> causeBlocking() throws IOException {
        Path file = database.file();
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS) || database.isEmptyBlocking()) {
            // Without a trace of an earlier one it is the first start.
            boolean known = !new CatalogBackups(database).newestFirst().isEmpty()
                    || !damaged.newestFirst().isEmpty();
            return known ? Optional.of("it is missing") : Optional.empty();
        }
        if (Files.isDirectory(file)) {
            return Optional.of("it is a directory");
        }
        if (!database.isSuspectBlocking()) {
            return Optional.empty();
        }
        LOG.info("The catalog {} was found damaged when it was last used; it is checked.", file);
        Optional<String> damage = checkBlocking();
        if (damage.isEmpty()) {
            database.forgetSuspicionBlocking();
            LOG.info("The catalog {} is whole.", file);
        }
        return damage;
    }

    private Optional<String> checkBlocking() {
        try (Connection connection = database.openDurableBlocking()) {
            return CatalogDatabase.checkBlocking(connection);
        } catch (SQLException e) {
            MusicFsException failure = SqliteFailure.of(database.file(), "check", e);
            if (failure.kind() != FailureKind.CORRUPT) {
                throw failure;
            }
            return Optional.of(SqliteFailure.reasonOf(e));
        }
    }

    /**
     * Sets aside what is there and puts a whole catalog in its place.
     *
     * @param cause why, for the log
     * @throws MusicFsException when that cannot be done, with what is missing
     */
    void recoverBlocking(String cause) {
        try {
            Optional<Path> aside = setAsideBlocking();
            Optional<Marks> salvaged = salvagedMarks();
            Optional<Path> backup = restoreBlocking(salvaged);
            if (backup.isEmpty()) {
                createBlocking(salvaged);
            }
            Files.move(unfinished, database.file(), StandardCopyOption.ATOMIC_MOVE);
            CatalogBackups.force(damaged.directory());
            database.forgetSuspicionBlocking();
            LOG.warn(
                    "The catalog {} cannot be used ({}){}; {}",
                    database.file(),
                    cause,
                    aside.map(path -> " and is set aside as " + path.getFileName())
                            .orElse(""),
                    backup.map(CatalogRecovery::restored)
                            .orElse("there is no backup, so the library is read anew and gets new inode numbers."));
        } catch (IOException | SQLException e) {
            throw SqliteFailure.of(database.file(), "restore", e);
        }
    }

    private static String restored(Path backup) {
        String when;
        try {
            when = " of "
                    + Files.getLastModifiedTime(backup).toInstant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        } catch (IOException e) {
            when = "";
        }
        return "it is restored from the backup " + backup.getFileName() + when
                + ", and the scan finds what changed since.";
    }

    private Optional<Path> setAsideBlocking() throws IOException {
        Optional<Path> aside = Optional.empty();
        if (Files.exists(database.file(), LinkOption.NOFOLLOW_LINKS)) {
            Path name = damaged.next();
            // The file first: what is left beside a missing one is known to be of no use.
            Files.move(database.file(), name, StandardCopyOption.ATOMIC_MOVE);
            if (Files.exists(database.wal())) {
                Files.move(database.wal(), CatalogDatabase.walOf(name), StandardCopyOption.ATOMIC_MOVE);
            }
            aside = Optional.of(name);
        }
        // SQLite would play an old log into whatever database comes to lie beside it.
        Files.deleteIfExists(database.wal());
        Files.deleteIfExists(database.shm());
        for (Path old : damaged.beyond(DAMAGED_KEPT)) {
            deleteTree(old);
            Files.deleteIfExists(CatalogDatabase.walOf(old));
        }
        return aside;
    }

    /** What lay in the place of a catalog may be a directory. */
    private static void deleteTree(Path path) throws IOException {
        try (java.util.stream.Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private Optional<Path> restoreBlocking(Optional<Marks> salvaged) throws IOException {
        for (Path backup : new CatalogBackups(database).newestFirst()) {
            Files.deleteIfExists(unfinished);
            if (isCopiedBlocking(backup) && isUsableBlocking(backup, salvaged)) {
                CatalogBackups.force(unfinished);
                return Optional.of(backup);
            }
        }
        Files.deleteIfExists(unfinished);
        return Optional.empty();
    }

    /** Whether it could be read; one that lies where the disk is broken is no better than a damaged one. */
    private boolean isCopiedBlocking(Path backup) throws IOException {
        try {
            if (!Files.isRegularFile(backup)) {
                LOG.warn("The backup {} is no file and is passed by", backup);
                return false;
            }
            Files.copy(backup, unfinished);
            return true;
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            FailureKind kind = MusicFsException.kindOf(e);
            if (kind != FailureKind.UNAVAILABLE && kind != FailureKind.NOT_FOUND) {
                throw e;
            }
            LOG.warn("The backup {} cannot be read: {}", backup, e.getMessage());
            return false;
        }
    }

    /**
     * Whether its copy is whole and of this program.
     *
     * @throws MusicFsException for whatever says nothing of the backup, such as a full disk: another or an empty catalog
     *     would take its place
     */
    private boolean isUsableBlocking(Path backup, Optional<Marks> salvaged) throws IOException {
        try {
            return isWholeBlocking(backup, salvaged);
        } catch (SQLException | MusicFsException e) {
            MusicFsException failure = database.withRoomBlocking("restore", e);
            if (failure.kind() != FailureKind.CORRUPT && failure.kind() != FailureKind.INVALID) {
                Files.deleteIfExists(unfinished);
                throw failure;
            }
            LOG.warn("The backup {} cannot be used: {}", backup, e.getMessage());
            return false;
        }
    }

    private boolean isWholeBlocking(Path backup, Optional<Marks> salvaged) throws SQLException {
        Failpoints.hit(Failpoint.DB_OPEN_CORRUPT);
        try (Connection connection = CatalogDatabase.openCopyBlocking(unfinished)) {
            Optional<String> damage = CatalogDatabase.checkBlocking(connection);
            if (damage.isPresent()) {
                LOG.warn("The backup {} is damaged as well: {}", backup, damage.get());
                return false;
            }
            schema.requireKnownBlocking(connection, backup);
            raise(
                    connection,
                    salvaged.orElseGet(() -> new Marks(0, 0)),
                    salvaged.isPresent() ? 0 : NUMBERS_SINCE_BACKUP);
            return true;
        }
    }

    private void createBlocking(Optional<Marks> salvaged) throws IOException, SQLException {
        CatalogDatabase empty = new CatalogDatabase(unfinished);
        empty.createBlocking();
        try (Connection connection = CatalogDatabase.openCopyBlocking(unfinished)) {
            schema.migrateBlocking(connection, unfinished);
            raise(connection, salvaged.orElseGet(this::marksByTheClock), 0);
        }
        CatalogBackups.force(unfinished);
    }

    /** The numbers from which on none was given out. */
    private record Marks(long file, long node) {}

    private static void raise(Connection connection, Marks marks, long further) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE sequence SET next = max(next + ?, ?) WHERE name = ?")) {
            for (String name : List.of("file", "node")) {
                update.setLong(1, further);
                update.setLong(2, name.equals("file") ? marks.file() : marks.node());
                update.setString(3, name);
                update.executeUpdate();
            }
        }
    }

    /** From the catalog that was set aside last: a page that can still be read tells more than a guess. */
    private Optional<Marks> salvagedMarks() throws IOException {
        List<Path> aside = damaged.newestFirst();
        if (aside.isEmpty() || Files.isDirectory(aside.get(0))) {
            return Optional.empty();
        }
        try (Connection connection = CatalogDatabase.openReadOnlyBlocking(aside.get(0));
                Statement statement = connection.createStatement()) {
            long file = mark(statement, "file");
            long node = mark(statement, "node");
            boolean credible = file > 0 && node > 1 && Math.max(file, node) < MOST_BELIEVED;
            return credible ? Optional.of(new Marks(file, node)) : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        } finally {
            Files.deleteIfExists(CatalogDatabase.shmOf(aside.get(0)));
        }
    }

    private static long mark(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT next FROM sequence WHERE name = '" + name + "'")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** When nothing is known of the numbers given out: more than a library that gets eight entries a second all its life. */
    private Marks marksByTheClock() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(clock.wallNanos()) - EPOCH.getEpochSecond();
        long mark = Math.min(MOST_BELIEVED, Math.max(IdSequence.BLOCK, seconds * NUMBERS_A_SECOND));
        return new Marks(mark, mark);
    }
}
