package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogMaintainer;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.reload.HotConfig;
import dev.musicfs.config.reload.HotPart;
import dev.musicfs.config.reload.Reloads;
import dev.musicfs.control.CacheService;
import dev.musicfs.control.CacheStorage;
import dev.musicfs.control.ControlLimits;
import dev.musicfs.control.ControlVerticle;
import dev.musicfs.control.DaemonService;
import dev.musicfs.control.OriginMonitor;
import dev.musicfs.control.ReopeningControl;
import dev.musicfs.control.api.CacheRoutes;
import dev.musicfs.control.api.ConfigRoutes;
import dev.musicfs.control.api.DaemonRoutes;
import dev.musicfs.control.api.Ending;
import dev.musicfs.control.api.OriginRoutes;
import dev.musicfs.control.api.ProcessRoutes;
import dev.musicfs.control.api.Route;
import dev.musicfs.failure.Dropped;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.library.HotOrigins;
import dev.musicfs.library.ScanReport;
import dev.musicfs.library.Syncs;
import dev.musicfs.model.Printable;
import dev.musicfs.offline.LibraryPaths;
import dev.musicfs.offline.PinnedFiles;
import dev.musicfs.offline.PinnedTree;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.process.EventLoops;
import dev.musicfs.process.PathProbe;
import dev.musicfs.process.ServiceNotifier;
import dev.musicfs.process.StartOptions;
import dev.musicfs.process.Watchdog;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.Periodic;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.Timers;
import dev.musicfs.runtime.UncaughtFailures;
import dev.musicfs.tree.HotTree;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.FileFacts;
import dev.musicfs.vfs.TrackFacts;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What a mount is served from: origins, scans, the store, the API. Started once, after its mount. */
final class DaemonServices {
    private static final Duration STORE_LOOK = Duration.ofSeconds(2);

    private final MusicFsConfig config;
    private final Front front;
    private volatile @Nullable LibraryServices library;
    private volatile @Nullable ReadServices reading;

    /**
     * What they serve and are told by.
     *
     * @param mountPoint as it was named
     * @param realMountPoint as the mount table names it
     * @param announcements connects the mount, which announces changes, to what makes them
     * @param stop begins to end the daemon
     * @param originsMissing told, at most once, that an origin did not answer at the start
     */
    record Front(
            Path mountPoint,
            Path realMountPoint,
            StartOptions options,
            PrintStream out,
            Template template,
            Catalog catalog,
            Tree tree,
            ContentBus bus,
            IntSupplier openFiles,
            Consumer<TreeUpdater> announcements,
            Consumer<Ending> stop,
            Runnable originsMissing,
            ServiceNotifier notifier,
            UncaughtFailures failures,
            Reloads reloads) {}

    /** Nothing is started. */
    DaemonServices(MusicFsConfig config, Front front) {
        this.config = config;
        this.front = front;
    }

    /**
     * Starts everything; what takes long goes on behind.
     *
     * @param loops for what everything else runs on
     * @param base for what the mount reads from
     * @param changes for what changes what the mount shows
     */
    @Dropped("a pass logs its failure and is tried again")
    void startBlocking(LifecycleStack loops, LifecycleStack base, LifecycleStack changes) {
        Vertx vertx = EventLoops.startBlocking(front.failures::watch, VertxVerticles::new, loops);
        LibraryServices services = LibraryServices.wire(
                vertx,
                config,
                new LibraryServices.Setting(
                        front.catalog,
                        front.tree,
                        front.template,
                        front.options.acceptRemovals(),
                        new ScanReport(front.out, ScanReport.isTerminal(), Clock.system()),
                        Optional.of(LayoutReader::readBlocking)),
                base,
                changes);
        library = services;
        if (config.fuse().announce()) {
            front.announcements.accept(services.updater());
        }
        ReadServices opened = ReadServices.startBlocking(config, services, base);
        reading = opened;
        front.bus.connect(vertx);
        startControl(services, opened);
        startOrigins(services, opened);
        var unused = services.updater().reconsiderAll(services.ranks().fingerprint());
        services.tasks()
                .supervise(
                        "catalog-backup",
                        Importance.OPTIONAL,
                        new CatalogMaintainer(
                                front.catalog, CatalogMaintainer.Blocking.of(vertx), Timers.of(vertx), Clock.system()));
        services.tasks()
                .supervise(
                        "store-look",
                        Importance.CRITICAL,
                        new Periodic(STORE_LOOK, () -> look(services, opened), Timers.of(vertx)));
        // The sums are asked of SQLite; the root's entry would come from the tree's cache.
        Runnable watchdogStop = Watchdog.startIfWatched(
                System.getenv(),
                () -> new PathProbe(vertx, front.tree::totalsBlocking, services.tasks()::criticalAlive),
                front.notifier::watchdog,
                Timers.of(vertx));
        changes.push("announcements and watchdog", patience -> {
            services.updater().detach();
            watchdogStop.run();
        });
    }

    private static void look(LibraryServices services, ReadServices opened) {
        services.origins().health().cache(opened.storage().illness());
        services.origins().health().catalog(services.catalogTrouble().orElse(""));
    }

    /** Nothing waits for an origin but another configuration: each is scanned as soon as it can be reached. */
    private void startOrigins(LibraryServices services, ReadServices opened) {
        Syncs syncs = new Syncs(services.library(), services.tasks(), front.out);
        HotConfig hot = new HotConfig(
                config,
                hotParts(services, opened, syncs),
                front.notifier::reloading,
                () -> front.notifier.ready("serving " + Printable.line(front.mountPoint.toString())));
        OriginService origins = services.origins();
        new FirstAnswers(origins.health(), origins.all().size(), front.out, front.originsMissing).sayWhenKnown();
        origins.onRecovered(services.library()::catchUp);
        origins.onSuspected(services.library()::refresh);
        origins.start().onComplete(deployed -> {
            syncs.startAll();
            front.reloads.serves(hot);
        });
    }

    /** What takes another configuration; only the first may refuse it. */
    static List<HotPart> hotParts(LibraryServices services, ReadServices opened, Syncs syncs) {
        return List.of(
                new HotOrigins(services.origins(), syncs, services.catalog().reader()),
                (before, taken) -> opened.storage().change(taken.cache()),
                (before, taken) -> opened.content().readAhead(taken.cache().readAheadBytes()),
                new HotTree(services.updater()));
    }

    /** What cannot be talked to serves all the same. */
    private void startControl(LibraryServices services, ReadServices opened) {
        Vertx vertx = services.vertx();
        CacheStorage storage = opened.storage();
        OriginMonitor monitor = new OriginMonitor(services.origins(), Optional.of(services.library()), Clock.system());
        DaemonService daemon = new DaemonService(
                front.realMountPoint,
                monitor,
                storage::state,
                storage::illness,
                services::catalogTrouble,
                services.tasks(),
                front.failures,
                front.stop,
                Timers.of(vertx),
                Clock.system());
        List<Route> routes = new ArrayList<>(CacheRoutes.to(cache(services, opened)));
        routes.addAll(OriginRoutes.to(monitor));
        routes.addAll(ConfigRoutes.to(front.reloads::reload));
        routes.addAll(DaemonRoutes.to(daemon));
        routes.addAll(ProcessRoutes.of(() -> gauges(services, opened)));
        services.tasks()
                .supervise(
                        "control",
                        Importance.OPTIONAL,
                        new ReopeningControl(
                                vertx,
                                new VertxVerticles(vertx),
                                () -> new ControlVerticle(config.cacheDir(), routes, ControlLimits.DEFAULTS)));
    }

    private CacheService cache(LibraryServices services, ReadServices opened) {
        PinnedTree pinned = new PinnedTree(
                new LibraryPaths(front.tree::resolveBlocking, front.tree::childrenBlocking, front.tree::pathOfBlocking),
                front.catalog.reader(),
                new PinnedFiles(
                        front.catalog.reader(),
                        services.writer(),
                        opened.storage().store()),
                List.of(front.mountPoint, front.realMountPoint));
        return new CacheService(services.vertx(), opened.storage(), pinned);
    }

    private Map<String, Map<String, Long>> gauges(LibraryServices services, ReadServices opened) {
        return Map.of(
                "content",
                opened.content().stats().gauges(),
                "mount",
                Map.of("openFiles", (long) front.openFiles.getAsInt()),
                "scan",
                services.library().scanTotals(),
                "failures",
                Map.of(
                        "uncaught",
                        front.failures.count(),
                        "tasks",
                        services.tasks().deaths()));
    }

    /** What files say of themselves; of use before anything is started. */
    FileFacts facts() {
        return new TrackFacts(
                front.catalog.reader(),
                id -> {
                    LibraryServices services = library;
                    return services != null && services.origins().serves(id);
                },
                leader -> {
                    LibraryServices services = library;
                    return services == null
                            ? Optional.empty()
                            : services.origins().replicas().servedBy(leader);
                },
                chunk -> {
                    ReadServices opened = reading;
                    return opened != null && opened.storage().store().containsBlocking(chunk);
                });
    }
}
