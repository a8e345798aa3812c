package dev.musicfs.tree;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** A tree over a catalog in memory with an updater. */
abstract class UpdaterFixture {
    final TestingCatalog catalog = new TestingCatalog();
    final Tree tree = new Tree(catalog, 1 << 20);
    final AtomicLong wallNanos = new AtomicLong(1000);
    final Vertx vertx = TestingVertx.start();
    final TestingAnnouncer announcer = new TestingAnnouncer();
    final TreeUpdater updater = new TreeUpdater(vertx, tree, catalog, catalog, Template.DEFAULT, new Clock() {
        @Override
        public long monotonicNanos() {
            return 0;
        }

        @Override
        public long wallNanos() {
            return wallNanos.get();
        }
    });

    @AfterEach
    void closeVertx() throws TimeoutException {
        updater.close().await(60, TimeUnit.SECONDS);
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    final void apply(LibraryChange... changes) {
        try {
            updater.apply(Arrays.asList(changes)).await(60, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }

    final void add(FileRow... files) {
        apply(Stream.of(files).map(LibraryChange.Added::new).toArray(LibraryChange[]::new));
    }

    /** All paths, directories with a slash at the end. */
    final List<String> paths() {
        return walk("", NodeId.ROOT).toList();
    }

    private Stream<String> walk(String prefix, NodeId directory) {
        return tree.childrenBlocking(directory, "", 1000).stream().flatMap(row -> {
            String path = prefix + "/" + row.name();
            return row.isDirectory() ? Stream.concat(Stream.of(path + "/"), walk(path, row.id())) : Stream.of(path);
        });
    }

    final NodeRow at(String path) {
        return tree.resolveBlocking(path).orElseThrow(() -> new AssertionError("no " + path + " among " + paths()));
    }
}
