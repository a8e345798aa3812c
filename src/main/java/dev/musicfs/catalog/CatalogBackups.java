package dev.musicfs.catalog;

import dev.musicfs.runtime.NumberedFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Whole copies of the catalog beside it, {@code catalog.db.backup-1} and so on, made by SQLite's {@code VACUUM INTO}
 * (https://sqlite.org/lang_vacuum.html): each is one state of the database, made while it is in use. The newest three
 * are kept. Blocks.
 */
final class CatalogBackups {
    /** So many are kept: one that was made of a catalog that was already wrong does not push out the last good one. */
    static final int KEPT = 3;

    private final Path unfinished;
    private final NumberedFiles files;

    CatalogBackups(CatalogDatabase database) {
        this.unfinished = database.beside(".backup.tmp");
        this.files = database.numbered(".backup-");
    }

    /** Where they lie. */
    Path directory() {
        return files.directory();
    }

    /** The newest first. */
    List<Path> newestFirst() throws IOException {
        return files.newestFirst();
    }

    /**
     * Makes one over a connection that may write, and lets the oldest go. Under a name of its own until it is whole and
     * on the disk.
     */
    Path makeBlocking(Statement statement) throws IOException, SQLException {
        Files.deleteIfExists(unfinished);
        try {
            statement.executeUpdate("VACUUM INTO '" + unfinished.toString().replace("'", "''") + "'");
            // Nobody else may read what the catalog's owner only may.
            if (unfinished.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            }
            force(unfinished);
            Path made = files.next();
            Files.move(unfinished, made, StandardCopyOption.ATOMIC_MOVE);
            force(files.directory());
            for (Path old : files.beyond(KEPT)) {
                Files.delete(old);
            }
            return made;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** How many files the catalog of this backup knows; empty when it cannot be read. */
    static Optional<Long> filesInBlocking(Path backup) {
        try (Connection connection = CatalogDatabase.openCopyBlocking(backup);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT files FROM totals")) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /** Brings a file, or the names in a directory, to the disk. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
