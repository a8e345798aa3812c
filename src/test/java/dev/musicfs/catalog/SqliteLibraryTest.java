package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {
    /** So a killed process leaves nothing, and processes that start at the same time do not meet. */
    @Test
    void theLibraryIsDeletedAsSoonAsItIsLoaded(@TempDir Path dir) throws Exception {
        Catalog.openBlocking(dir.resolve("catalog.db")).closeBlocking();
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            List<String> libraries =
                    maps.filter(line -> line.contains("sqlitejdbc")).toList();
            assertThat(libraries).isNotEmpty().allMatch(line -> line.endsWith("(deleted)"));
        }
        assertThat(System.getProperty("org.sqlite.tmpdir")).isNull();
    }
}
