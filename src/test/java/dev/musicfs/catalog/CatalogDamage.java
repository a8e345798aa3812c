package dev.musicfs.catalog;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** What can happen to a catalog that nobody uses. */
enum CatalogDamage {
    MISSING,
    EMPTY,
    TRUNCATED,
    NO_DATABASE,
    HEADER_OVERWRITTEN,
    DIRECTORY_IN_ITS_PLACE,
    TABLE_DROPPED,
    MARKS_DELETED;

    void doTo(Path file) throws IOException, SQLException {
        switch (this) {
            case MISSING -> Files.delete(file);
            case EMPTY -> cut(file, 0);
            case TRUNCATED -> cut(file, Files.size(file) / 2);
            case NO_DATABASE -> Files.writeString(file, "What is this?\n".repeat(5_000));
            case HEADER_OVERWRITTEN -> overwrite(file, 0, 100);
            case DIRECTORY_IN_ITS_PLACE -> {
                Files.delete(file);
                Files.createDirectories(file.resolve("with/something"));
            }
            case TABLE_DROPPED -> sql(file, "DROP TABLE sequence");
            case MARKS_DELETED -> sql(file, "DELETE FROM sequence");
        }
    }

    static void cut(Path file, long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }

    static void overwrite(Path file, long from, long bytes) throws IOException {
        byte[] garbage = new byte[Math.toIntExact(bytes)];
        new Random(7).nextBytes(garbage);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(from);
            open.write(garbage);
        }
    }

    static void sql(Path file, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement each = connection.createStatement()) {
            each.executeUpdate(statement);
        }
    }
}
