package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.library.ScanReport;
import dev.musicfs.process.EventLoops;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.Shutdown;
import dev.musicfs.runtime.TemporaryDirectory;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeSample;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a mount would show, from a catalog in a temporary directory. */
final class DryRun {
    private static final long TREE_CACHE_BYTES = 4L << 20;
    private static final Duration ORIGINS_PATIENCE = Duration.ofSeconds(60);
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_SCAN = Duration.ofDays(1);

    private DryRun() {}

    static void printBlocking(MusicFsConfig config, PrintStream out) {
        OriginCheck.requireAll(config.enabledOrigins());
        TemporaryDirectory.useBlocking(
                "musicfs-dry-run", "no temporary catalog", directory -> printBlocking(config, directory, out));
    }

    private static void printBlocking(MusicFsConfig config, Path directory, PrintStream out) {
        Template template = Template.parse(config.template());
        LifecycleStack stack = new LifecycleStack();
        LifecycleStack loops = stack.section();
        Catalog catalog = Catalog.openBlocking(CacheEntry.CATALOG.in(directory));
        stack.push("the catalog", patience -> catalog.closeBlocking());
        try {
            Vertx vertx = EventLoops.startBlocking(started -> {}, VertxVerticles::new, loops);
            Tree tree = new Tree(catalog.reader(), TREE_CACHE_BYTES);
            ScanReport report = new ScanReport(out, false, Clock.system());
            LibraryServices services = LibraryServices.wire(
                    vertx,
                    config,
                    new LibraryServices.Setting(catalog, tree, template, false, report, Optional.empty()),
                    stack.section(),
                    stack.section());
            Waiting.await(services.origins().start(), ORIGINS_PATIENCE, "the start of the origins");
            for (LibrarySync sync : services.library().syncs()) {
                Waiting.await(sync.reconcile(), LONGEST_SCAN, "the scan");
            }
            TreeSample.printBlocking(tree, out);
        } finally {
            stack.stopBlocking(Shutdown.unlogged(END_PATIENCE, Clock.system()));
        }
    }
}
