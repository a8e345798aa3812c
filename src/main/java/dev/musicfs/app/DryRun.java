package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.library.ScanReport;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.Shutdown;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a mount would show, from a catalog in a temporary directory. */
final class DryRun implements AutoCloseable {
    private static final int SAMPLES = 20;
    private static final int PAGE = 200;
    private static final long TREE_CACHE_BYTES = 4L << 20;
    private static final Duration ORIGINS_PATIENCE = Duration.ofSeconds(60);
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_SCAN = Duration.ofDays(1);

    private final MusicFsConfig config;
    private final Path directory;

    DryRun(MusicFsConfig config) throws IOException {
        OriginCheck.requireAll(config.enabledOrigins());
        this.config = config;
        this.directory = Files.createTempDirectory("musicfs-dry-run");
    }

    void print(PrintStream out) {
        Template template = Template.parse(config.template());
        LifecycleStack stack = new LifecycleStack();
        LifecycleStack loops = stack.section();
        Catalog catalog = Catalog.openBlocking(directory.resolve("catalog.db"));
        stack.push("the catalog", patience -> catalog.closeBlocking());
        try {
            Vertx vertx = EventLoops.startBlocking(started -> {}, loops);
            Tree tree = new Tree(catalog.reader(), TREE_CACHE_BYTES);
            LibraryServices services = LibraryServices.wire(
                    vertx,
                    config,
                    new LibraryServices.Setting(
                            catalog,
                            tree,
                            template,
                            false,
                            new ScanReport(out, false, Clock.system()),
                            Optional.empty()),
                    stack.section(),
                    stack.section());
            Waiting.await(services.origins().start(), ORIGINS_PATIENCE, "the start of the origins");
            for (LibrarySync sync : services.library().syncs()) {
                Waiting.await(sync.reconcile(), LONGEST_SCAN, "the scan");
            }
            printSamples(tree, NodeId.ROOT, "", SAMPLES, out);
            Totals totals = tree.totalsBlocking();
            out.printf(
                    Locale.ROOT,
                    "musicfs: %d files in %d directories, %d bytes; nothing was mounted%n",
                    totals.files(),
                    totals.directories() - 1,
                    totals.bytes());
        } finally {
            stack.stopBlocking(Shutdown.unlogged(END_PATIENCE, Clock.system()));
        }
    }

    private static int printSamples(Tree tree, NodeId directory, String path, int wanted, PrintStream out) {
        int left = wanted;
        for (NodeRow child : tree.childrenBlocking(directory, "", PAGE)) {
            if (left == 0) {
                return 0;
            }
            String childPath = path + "/" + child.name();
            if (child.isDirectory()) {
                left = printSamples(tree, child.id(), childPath, left, out);
            } else {
                out.println(childPath);
                left--;
            }
        }
        return left;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
