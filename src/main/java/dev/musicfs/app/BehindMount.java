package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogKeeper;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.content.file.Content;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.plan.CatalogManifests;
import dev.musicfs.content.plan.OriginLayouts;
import dev.musicfs.control.CacheRoutes;
import dev.musicfs.control.ConfigRoutes;
import dev.musicfs.control.ControlLimits;
import dev.musicfs.control.ControlVerticle;
import dev.musicfs.control.DaemonRoutes;
import dev.musicfs.control.DaemonService;
import dev.musicfs.control.Ending;
import dev.musicfs.control.KeptControl;
import dev.musicfs.control.OriginMonitor;
import dev.musicfs.control.OriginRoutes;
import dev.musicfs.control.ProcessRoutes;
import dev.musicfs.control.Route;
import dev.musicfs.failure.Dropped;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.fuse.Bridge;
import dev.musicfs.library.LibraryService;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.library.ScanReport;
import dev.musicfs.library.Syncs;
import dev.musicfs.offline.PinnedFiles;
import dev.musicfs.offline.PinnedTree;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.origin.registry.Ranks;
import dev.musicfs.process.PathProbe;
import dev.musicfs.process.ServiceNotifier;
import dev.musicfs.process.Shutdown;
import dev.musicfs.process.Watchdog;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Periodic;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.runtime.Timers;
import dev.musicfs.runtime.UncaughtFailures;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import dev.musicfs.vfs.FileFacts;
import dev.musicfs.vfs.TrackFacts;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands behind a mount: Vert.x, origins, scans, the store, the API. Started and stopped once, by its mount. */
final class BehindMount {
    private static final Logger LOG = LoggerFactory.getLogger(BehindMount.class);
    private static final Duration STORE_LOOK = Duration.ofSeconds(2);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration CACHE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGER_THAN_ANY_RUN_DAYS = 10_000;

    private final MusicFsConfig config;
    private final Front front;
    private final Promise<Void> inUse = Promise.promise();
    private Future<Void> timeouts = Future.succeededFuture();
    private @Nullable Vertx vertx;
    private volatile @Nullable OriginService origins;
    private @Nullable LibraryService service;
    private volatile @Nullable TreeUpdater updater;
    private @Nullable TaskSupervisor supervisor;
    private @Nullable Watchdog watchdog;
    private @Nullable Content content;
    private volatile @Nullable CacheStorage storage;

    /**
     * What stands before it.
     *
     * @param mountPoints as it was named, and as the mount table names it
     * @param announcements has the mount told of changes by whoever is given its announcer
     * @param stop ends the daemon
     */
    record Front(
            MountPoints mountPoints,
            Daemon.Options options,
            PrintStream out,
            Template template,
            Catalog catalog,
            Tree tree,
            Bridge bridge,
            Consumer<TreeUpdater> announcements,
            Consumer<Ending> stop,
            ServiceNotifier notifier,
            UncaughtFailures failures,
            Reloads reloads) {}

    /** One mountpoint, twice. */
    record MountPoints(Path named, Path real) {}

    /** Nothing is started. */
    BehindMount(MusicFsConfig config, Front front) {
        this.config = config;
        this.front = front;
    }

    // Each begins its thread when it is first used. Now there are threads to be had; later there may be none. The one
    // for
    // timeouts of futures without a context ends a second after the last of them: one is kept under way.
    private void beginLoops(Vertx started) {
        timeouts = inUse.future().timeout(LONGER_THAN_ANY_RUN_DAYS, TimeUnit.DAYS);
        DeploymentOptions all = new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
        Waiting.await(
                started.deployVerticle(() -> new VerticleBase() {}, all).compose(started::undeploy),
                PATIENCE,
                "the start of the event loops");
    }

    /** Starts everything; what takes long goes on behind. */
    @Dropped("a revision says what it cannot do and tries it again")
    void start(IntSupplier openFiles) {
        Vertx started = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        vertx = started;
        front.failures.watch(started);
        LocalMessages.register(started);
        beginLoops(started);
        Catalog catalog = front.catalog;
        CatalogWriter writer = catalog.startWriter(started);
        Ranks ranks = Ranks.of(config.enabledOrigins());
        TreeUpdater shown =
                new TreeUpdater(started, front.tree, catalog.reader(), writer, front.template, Clock.system(), ranks);
        updater = shown;
        if (config.fuse().announce()) {
            front.announcements.accept(shown);
        }
        TaskSupervisor tasks = TaskSupervisor.on(started);
        supervisor = tasks;
        OriginService reached = new OriginService(started, new VertxVerticles(started), config, tasks);
        origins = reached;
        LibraryService library = new LibraryService(
                started,
                config,
                front.options.acceptRemovals(),
                reached.all(),
                new LibraryService.Parts(
                        catalog.reader(),
                        writer,
                        shown::apply,
                        new ScanReport(front.out, ScanReport.isTerminal(), Clock.system()),
                        Optional.of(LayoutReader::readBlocking)));
        service = library;
        CacheStorage opened = CacheStorage.open(config, catalog.reader(), tasks);
        storage = opened;
        Content bytes = content(started, writer, shown, reached, library, opened);
        content = bytes;
        Waiting.await(started.deployVerticle(new ContentVerticle(bytes)), PATIENCE, "the start of the content room");
        opened.awaitTriedBlocking(CACHE_PATIENCE);
        front.bridge.connect(started);
        startControl(started, writer, openFiles, tasks, reached, library, opened, bytes);
        Syncs syncs = new Syncs(library, tasks, front.out);
        HotConfig hot = new HotConfig(
                config,
                new HotConfig.Parts(
                        catalog.reader(),
                        reached,
                        library,
                        syncs,
                        opened,
                        bytes,
                        shown,
                        front.notifier,
                        "serving " + front.mountPoints.named));
        startOrigins(reached, library, syncs, hot);
        var unused = shown.revise(ranks.fingerprint());
        tasks.supervise(
                "catalog-backup",
                Importance.OPTIONAL,
                new CatalogKeeper(catalog, CatalogKeeper.Blocking.of(started), Timers.of(started), Clock.system()));
        tasks.supervise(
                "store-look",
                Importance.CRITICAL,
                new Periodic(STORE_LOOK, () -> look(reached, library, opened), Timers.of(started)));
        watchdog = Watchdog.interval(System.getenv(), ProcessHandle.current().pid())
                .map(interval -> feed(started, interval, tasks))
                .orElse(null);
    }

    private void look(OriginService reached, LibraryService library, CacheStorage opened) {
        reached.health().cache(opened.illness());
        reached.health().catalog(catalogIllness(library).orElse(""));
    }

    private Optional<String> catalogIllness(LibraryService library) {
        TreeUpdater shown = updater;
        return front.catalog.damage().map(what -> "damaged: " + what).or(() -> library.trouble()
                .or(() -> shown == null ? Optional.empty() : shown.trouble())
                .map(why -> "not up to date: " + why));
    }

    private Content content(
            Vertx started,
            CatalogWriter writer,
            TreeUpdater shown,
            OriginService reached,
            LibraryService library,
            CacheStorage opened) {
        CatalogManifests manifests =
                new CatalogManifests(started, front.catalog.reader(), writer, fileId -> shown.apply(
                                List.of(new LibraryChange.Reconsidered(fileId)))
                        .onFailure(e -> LOG.warn("A file is not told anew: {}", e.getMessage())));
        return new Content(
                started,
                front.catalog.reader(),
                reached::origin,
                reached.replicas()::of,
                row -> library.refresh(row.origin(), row.path().parent()),
                opened.store(),
                new PinningManifests(started, manifests, front.catalog.reader(), opened.store()),
                new OriginLayouts(),
                config.cache());
    }

    private Watchdog feed(Vertx started, Duration interval, TaskSupervisor tasks) {
        // The sums are asked of SQLite; the root's entry would come from the tree's cache.
        PathProbe probe = new PathProbe(started, front.tree::totalsBlocking, tasks::criticalAlive);
        Watchdog fed = new Watchdog(interval, PROBE_PATIENCE, probe, front.notifier::watchdog, Timers.of(started));
        fed.start();
        return fed;
    }

    /** Nothing waits for an origin but another configuration: each is scanned as soon as it can be reached. */
    private void startOrigins(OriginService reached, LibraryService library, Syncs syncs, HotConfig hot) {
        reached.onRecovered(library::catchUp);
        reached.onBlamed(library::refresh);
        reached.start().onComplete(deployed -> {
            for (LibrarySync sync : library.syncs()) {
                syncs.start(sync, Future.succeededFuture());
            }
            front.reloads.serves(hot);
        });
    }

    /** What cannot be talked to serves all the same. */
    private void startControl(
            Vertx started,
            CatalogWriter writer,
            IntSupplier openFiles,
            TaskSupervisor tasks,
            OriginService reached,
            LibraryService library,
            CacheStorage opened,
            Content bytes) {
        PinnedTree pinned = new PinnedTree(
                new TreePaths(front.tree),
                front.catalog.reader(),
                new PinnedFiles(front.catalog.reader(), writer, opened.store()),
                List.of(front.mountPoints.named, front.mountPoints.real));
        CacheService cache =
                new CacheService(started, opened.maintenance(() -> Optional.of(bytes.stats()), () -> {}), pinned);
        List<Route> routes = new ArrayList<>(CacheRoutes.to(cache));
        OriginMonitor monitor = new OriginMonitor(reached, library::catchUp, Clock.system());
        routes.addAll(OriginRoutes.to(monitor));
        routes.addAll(ConfigRoutes.to(front.reloads));
        routes.addAll(DaemonRoutes.to(new DaemonService(
                front.mountPoints.real,
                monitor,
                opened::state,
                opened::illness,
                () -> catalogIllness(library),
                tasks,
                front.failures,
                front.stop,
                Timers.of(started),
                Clock.system())));
        routes.addAll(ProcessRoutes.of(() -> Map.of(
                "content",
                bytes.stats().gauges(),
                "mount",
                Map.of("openFiles", (long) openFiles.getAsInt()),
                "scan",
                library.scanTotals(),
                "failures",
                Map.of("uncaught", front.failures.count(), "tasks", tasks.deaths()))));
        tasks.supervise(
                "control",
                Importance.OPTIONAL,
                new KeptControl(
                        started,
                        new VertxVerticles(started),
                        () -> new ControlVerticle(config.cacheDir(), routes, ControlLimits.DEFAULTS)));
    }

    /** Ends what changes the tree; the mount still answers from a whole one. */
    void stopChanges(Shutdown end) {
        TreeUpdater shown = updater;
        if (shown != null) {
            shown.detach();
        }
        Watchdog fed = watchdog;
        if (fed != null) {
            fed.stop();
        }
        TaskSupervisor tasks = supervisor;
        if (tasks != null) {
            end.phase("supervised tasks", patience -> Waiting.await(tasks.stop(), patience, "the end of the tasks"));
        }
        LibraryService library = service;
        if (library != null) {
            end.phase("the scan", patience -> Waiting.await(library.stop(), patience, "the end of the scan"));
        }
        if (shown != null) {
            end.phase("the tree", patience -> Waiting.await(shown.close(), patience, "the end of the tree's worker"));
        }
    }

    /** Ends all the rest, once the mount is gone. */
    void stopRest(Shutdown end) {
        Content bytes = content;
        if (bytes != null) {
            end.phase("writing behind", patience -> drain(bytes, patience));
        }
        CacheStorage opened = storage;
        if (opened != null) {
            end.phase("the chunk store", patience -> opened.close());
        }
        OriginService reached = origins;
        if (reached != null) {
            end.phase("the origins", patience -> Waiting.await(reached.stop(), patience, "the end of the origins"));
        }
        end.phase("the catalog", patience -> front.catalog.closeBlocking());
        Vertx running = vertx;
        if (running != null) {
            end.phase("Vert.x", patience -> {
                Waiting.await(running.close(), patience, "the end of Vert.x");
                inUse.complete();
                Waiting.await(timeouts, patience, "the end of the timeouts");
            });
        }
    }

    /** What was fetched is stored, and what was stored is noted, as far as that is possible in a while. */
    private static void drain(Content bytes, Duration patience) {
        Duration half = patience.dividedBy(2);
        Polling.until(
                () -> bytes.stats().pendingWriteBytes() == 0 && bytes.stats().openFiles() == 0,
                Duration.ofMillis(10),
                Deadline.in(half));
        Waiting.await(bytes.flush(), half, "the manifests to be written");
    }

    /** What files say of themselves; of use before anything is started. */
    FileFacts facts() {
        return new TrackFacts(
                front.catalog.reader(),
                id -> {
                    OriginService reached = origins;
                    return reached != null && reached.serves(id);
                },
                first -> {
                    OriginService reached = origins;
                    return reached == null
                            ? Optional.empty()
                            : reached.replicas().servedBy(first);
                },
                chunk -> {
                    CacheStorage opened = storage;
                    return opened != null && opened.store().containsBlocking(chunk);
                });
    }
}
