package dev.musicfs.catalog;

import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The place of a catalog that is opened, or recovered, as often as a test likes. */
abstract class CatalogBench {
    private static Vertx vertx;

    @TempDir
    Path directory;

    /** Where it is, {@code catalog.db} unless a test puts it elsewhere. */
    Path file;

    @BeforeAll
    static void startVertx() {
        vertx = TestingVertx.start();
    }

    @AfterAll
    static void closeVertx() {
        OpenedCatalog.await(vertx.close());
    }

    @BeforeEach
    void name() {
        file = directory.resolve("catalog.db");
    }

    OpenedCatalog open() {
        return new OpenedCatalog(Catalog.openOrRecoverBlocking(file, Clock.system()), vertx);
    }

    /** What lies in the directory under such a name, in order. */
    List<String> names(String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }
}
