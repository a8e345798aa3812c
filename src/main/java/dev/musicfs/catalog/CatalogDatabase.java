package dev.musicfs.catalog;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteDataSource;

/**
 * The database file and how connections to it are set up.
 *
 * <p>No memory map: every connection would count the pages it mapped towards the process's resident size, and a read
 * that misses the small page cache is served by the kernel's in about a microsecond.
 */
final class CatalogDatabase {
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;
    private static final int READER_CACHE_KIB = 2 * 1024;
    private static final int WRITER_CACHE_KIB = 16 * 1024;
    private static final int WAL_KEPT_BYTES = 64 * 1024 * 1024;

    private final Path file;

    CatalogDatabase(Path file) {
        this.file = file.toAbsolutePath();
    }

    Path file() {
        return file;
    }

    /** Creates missing directories and the file for their owner only; leaves what exists alone. */
    void createBlocking() throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent, ownerOnly(parent, "rwx------"));
        }
        if (Files.notExists(file)) {
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
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }
}
