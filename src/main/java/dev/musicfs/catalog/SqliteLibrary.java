package dev.musicfs.catalog;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The native library of the SQLite driver. The driver unpacks it into the directory for temporary files, leaves it there
 * when its process is killed, and tidies up at the next start what other processes are just tidying up, which it logs as
 * errors. Here it has a directory of its own that is gone as soon as the library is loaded.
 */
final class SqliteLibrary {
    /** Where the driver unpacks; whoever set it is obeyed. */
    private static final String DIRECTORY = "org.sqlite.tmpdir";

    private static boolean tried;

    private SqliteLibrary() {}

    /** Loads it once in a process. When it cannot be loaded, opening a database says why. For any thread. */
    static synchronized void loadBlocking() {
        if (tried || System.getProperty(DIRECTORY) != null) {
            return;
        }
        tried = true;
        Path directory;
        try {
            directory = Files.createTempDirectory("musicfs-sqlite");
        } catch (IOException e) {
            return;
        }
        System.setProperty(DIRECTORY, directory.toString());
        try {
            boolean unused = SQLiteJDBCLoader.initialize();
        } catch (Exception e) { // of this type; the driver tries again when a database is opened
            return;
        } finally {
            System.clearProperty(DIRECTORY);
            deleteBlocking(directory);
        }
    }

    private static void deleteBlocking(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // It stays in a directory whose files are temporary.
        }
    }
}
