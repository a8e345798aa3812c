package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.NumberedFiles;
import dev.musicfs.runtime.TrialFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * The database file and how connections to it are set up.
 *
 * <p>No memory map: every connection would count the pages it mapped towards the process's resident size, and a read
 * that misses the small page cache is served by the kernel's in about a microsecond.
 */
final class CatalogDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogDatabase.class);
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;
    private static final int READER_CACHE_KIB = 2 * 1024;
    private static final int WRITER_CACHE_KIB = 16 * 1024;
    private static final int WAL_KEPT_BYTES = 64 * 1024 * 1024;

    /** What the index of the log takes. */
    private static final int LEAST_ROOM_BYTES = 32 * 1024;

    /** How much of the damage is told. */
    private static final int PROBLEMS_TOLD = 3;

    private final Path file;
    private final AtomicReference<@Nullable String> damage = new AtomicReference<>();

    CatalogDatabase(Path file) {
        this.file = file.toAbsolutePath();
    }

    Path file() {
        return file;
    }

    /** A file beside the database whose name begins with the database's. */
    Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    NumberedFiles numbered(String suffix) {
        return new NumberedFiles(directory(), file.getFileName() + suffix);
    }

    private Path directory() {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    Path wal() {
        return walOf(file);
    }

    Path shm() {
        return shmOf(file);
    }

    /** The log SQLite keeps beside a database. */
    static Path walOf(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    /** The index of that log, which SQLite makes anew when it is not there. */
    static Path shmOf(Path database) {
        return database.resolveSibling(database.getFileName() + "-shm");
    }

    /** Whether it holds nothing, not even in its log. */
    boolean isEmptyBlocking() throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == 0 && (Files.notExists(wal()) || Files.size(wal()) == 0);
    }

    /** Whether a log lies beside it, which an orderly close takes away. */
    boolean hasLogBlocking() {
        try {
            return Files.exists(wal()) && Files.size(wal()) > 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether damage was met when it was last used. */
    boolean isSuspectBlocking() {
        return Files.exists(suspicion());
    }

    void forgetSuspicionBlocking() throws IOException {
        Files.deleteIfExists(suspicion());
    }

    private Path suspicion() {
        return beside(".suspect");
    }

    /** The damage that was met since it was opened. */
    Optional<String> damage() {
        return Optional.ofNullable(damage.get());
    }

    /** Notes damage, so that the next start looks at the whole file; said once. For any thread. */
    void noteDamageBlocking(String what) {
        if (!damage.compareAndSet(null, what)) {
            return;
        }
        LOG.error(
                "The catalog {} is damaged ({}). What can still be read is served; the next start checks it and restores"
                        + " it from its backup.",
                file,
                what);
        try {
            Files.writeString(suspicion(), what + System.lineSeparator());
        } catch (IOException e) {
            LOG.warn("That the catalog is damaged cannot be noted for the next start: {}", e.getMessage());
        }
    }

    /** What an error means for {@code attempt}; damage is noted. */
    MusicFsException failure(String attempt, Throwable error) {
        MusicFsException failure = SqliteFailure.of(file, attempt, error);
        if (SqliteFailure.isDamage(error)) {
            noteDamageBlocking(SqliteFailure.reasonOf(error));
        }
        return failure;
    }

    /** The same of an attempt to open it: of a file that cannot be made or grown, SQLite does not say why. */
    MusicFsException openFailureBlocking(Throwable error) {
        return withRoomBlocking("open", error);
    }

    /** The same of any attempt for which a file is made beside it. */
    MusicFsException withRoomBlocking(String attempt, Throwable error) {
        MusicFsException failure = SqliteFailure.of(file, attempt, error);
        boolean mayBeFull = failure.kind() == FailureKind.REJECTED || failure.kind() == FailureKind.UNAVAILABLE;
        return mayBeFull && TrialFile.isRefusedBlocking(beside(".room.tmp"), LEAST_ROOM_BYTES)
                ? SqliteFailure.withoutRoom(file, attempt, error)
                : failure;
    }

    /** What SQLite's own check of every page finds wrong. Takes a second for some hundred MB. */
    static Optional<String> checkBlocking(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check(" + PROBLEMS_TOLD + ")")) {
            StringJoiner problems = new StringJoiner("; ");
            while (row.next()) {
                problems.add(row.getString(1).replace('\n', ' '));
            }
            String found = problems.toString();
            return found.equals("ok") ? Optional.empty() : Optional.of(found);
        }
    }

    /** Creates missing directories and the file for their owner only; leaves what exists alone. */
    void createBlocking() throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent, ownerOnly(parent, "rwx------"));
        }
        if (Files.notExists(file)) {
            // SQLite would play the log of a database that is gone into the new one.
            Files.deleteIfExists(wal());
            Files.deleteIfExists(shm());
            try {
                Files.createFile(file, ownerOnly(file, "rw-------"));
            } catch (FileAlreadyExistsException another) {
                // Another process was faster; its file serves.
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** A connection for queries; SQLite refuses changes through it. */
    Connection openReaderBlocking() throws SQLException {
        Connection connection =
                dataSource(READER_CACHE_KIB, SynchronousMode.NORMAL).getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A connection for the few small changes at start and end, each of which is on the disk when it returns. */
    Connection openDurableBlocking() throws SQLException {
        return dataSource(READER_CACHE_KIB, SynchronousMode.FULL).getConnection();
    }

    /** Connections for the writer: a transaction survives a killed process, and a power failure may undo the last ones. */
    SQLiteDataSource writerDataSource() {
        return dataSource(WRITER_CACHE_KIB, SynchronousMode.NORMAL);
    }

    /** A connection to a database nobody else uses, which stays one file. */
    static Connection openCopyBlocking(Path copy) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.DELETE);
        config.setSynchronous(SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return open(config, copy);
    }

    /** A connection that changes nothing, whatever state the database is in. */
    static Connection openReadOnlyBlocking(Path database) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        return open(config, database);
    }

    /** The same, and nothing is made beside the database either, unless somebody has it open or was killed. */
    Connection openForInspectionBlocking() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        // Without a log there is nobody who changes it (https://sqlite.org/uri.html#uriimmutable).
        return sourceOf(config, file.toUri() + (Files.exists(wal()) ? "" : "?immutable=1"))
                .getConnection();
    }

    private static Connection open(SQLiteConfig config, Path database) throws SQLException {
        return sourceOf(config, database.toString()).getConnection();
    }

    private static SQLiteDataSource sourceOf(SQLiteConfig config, String name) {
        SqliteLibrary.loadBlocking();
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + name);
        return source;
    }

    private SQLiteDataSource dataSource(int cacheKib, SynchronousMode synchronous) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setJournalMode(JournalMode.WAL);
        config.setJournalSizeLimit(WAL_KEPT_BYTES);
        config.setSynchronous(synchronous);
        config.enforceForeignKeys(true);
        config.setTempStore(TempStore.MEMORY);
        config.setCacheSize(-cacheKib);
        config.setGetGeneratedKeys(false);
        // A catalog that is taken away while it is in use must not be followed by an empty one.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return sourceOf(config, file.toString());
    }
}
