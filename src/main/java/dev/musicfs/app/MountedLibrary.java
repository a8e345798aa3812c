package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.config.FuseConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.content.CatalogManifests;
import dev.musicfs.content.Content;
import dev.musicfs.content.ContentVerticle;
import dev.musicfs.content.OriginLayouts;
import dev.musicfs.control.CacheRoutes;
import dev.musicfs.control.ControlLimits;
import dev.musicfs.control.ControlVerticle;
import dev.musicfs.control.DaemonRoutes;
import dev.musicfs.control.OriginRoutes;
import dev.musicfs.control.ProcessRoutes;
import dev.musicfs.control.Route;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.Bridge;
import dev.musicfs.fuse.FuseMount;
import dev.musicfs.fuse.MountOptions;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Events;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Periodic;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.runtime.Timers;
import dev.musicfs.runtime.UncaughtFailures;
import dev.musicfs.tags.LayoutReader;
import dev.musicfs.tree.Template;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeChange;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.vfs.FileFacts;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount and all that stands behind it. The mount comes first and serves the stored catalog; Vert.x, the origins and
 * the scan start behind it, so that a start takes the same time for every size of library.
 */
final class MountedLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(MountedLibrary.class);
    private static final long TREE_CACHE_BYTES = 16L << 20;
    private static final Duration CACHE_LOOK = Duration.ofSeconds(2);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(5);
    /** The least an end gets, however soon it is wanted: unmounting and tidying take their time. */
    private static final Duration LEAST_DRAIN = Duration.ofSeconds(4);

    private static final Duration CACHE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANNOUNCED_KERNEL_CACHE = Duration.ofHours(1);
    private static final Duration UNANNOUNCED_KERNEL_CACHE = Duration.ofSeconds(1);

    private final MusicFsConfig config;
    private final Path mountPoint;
    private final Path realMountPoint;
    private final Daemon.Options options;
    private final PrintStream out;
    private final Template template;
    private final InstanceLock lock;
    private final Catalog catalog;
    private final UncaughtFailures failures;
    private final ServiceNotifier notifier = ServiceNotifier.of(System.getenv(), Clock.system());
    private final Tree tree;
    private final VirtualFileSystem vfs;
    private final Bridge bridge = new Bridge(Bridge.DEFAULT_MAX_WAITERS);
    private final KeptMount mount;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private @Nullable Vertx vertx;
    private volatile @Nullable OriginService origins;
    private @Nullable LibraryService service;
    private @Nullable TreeUpdater updater;
    private @Nullable TaskSupervisor supervisor;
    private @Nullable Watchdog watchdog;
    private @Nullable Content content;
    private volatile @Nullable CacheStorage storage;

    private MountedLibrary(
            MusicFsConfig config,
            Path mountPoint,
            Daemon.Options options,
            PrintStream out,
            Template template,
            InstanceLock lock,
            Catalog catalog,
            UncaughtFailures failures) {
        this.config = config;
        this.mountPoint = mountPoint;
        this.realMountPoint = real(mountPoint);
        this.options = options;
        this.out = out;
        this.template = template;
        this.lock = lock;
        this.catalog = catalog;
        this.failures = failures;
        this.tree = new Tree(catalog.reader(), TREE_CACHE_BYTES);
        this.vfs = new VirtualFileSystem(
                new TreeNamespace(tree),
                bridge,
                presentation(config.fuse()),
                PATIENCE,
                VirtualFileSystem.DEFAULT_MAX_OPEN_FILES,
                config.fuse().xattrs() ? Optional.of(facts()) : Optional.empty());
        this.mount = new KeptMount(
                mountPoint, () -> new FuseMount(mountPoint, mountOptions(config.fuse()), vfs, failures::report));
    }

    /** Checks everything, mounts, and returns when the mount serves; throws one sentence and leaves nothing otherwise. */
    static MountedLibrary mount(
            MusicFsConfig config, Path mountPoint, Daemon.Options options, PrintStream out, UncaughtFailures failures) {
        Template template = Template.parse(config.template());
        KilledOwner.letGo(config.cacheDir(), mountPoint);
        PresentOwner.settle(config.cacheDir(), mountPoint, options.replace());
        FuseMount.check(mountPoint);
        Path database = config.cacheDir().resolve("catalog.db");
        if (!Catalog.existsBlocking(database)) {
            OriginCheck.requireAll(config.enabledOrigins());
        }
        InstanceLock lock = InstanceLock.take(config.cacheDir());
        Catalog catalog = null;
        try {
            catalog = Catalog.openOrRecoverBlocking(database, Clock.system());
            OriginCheck.requireUnknown(config.enabledOrigins(), catalog.reader());
            MountedLibrary library =
                    new MountedLibrary(config, mountPoint, options, out, template, lock, catalog, failures);
            library.startMount();
            return library;
        } catch (RuntimeException e) {
            if (catalog != null) {
                catalog.closeBlocking();
            }
            lock.close();
            throw e;
        }
    }

    private void startMount() {
        mount.start();
        out.println("musicfs: serving " + mountPoint);
        notifier.ready("serving " + mountPoint);
    }

    /**
     * Starts what stands behind the mount and returns when the mount is gone for good.
     *
     * @return false when it was lost and cannot be had again
     */
    boolean serve() {
        startBehind();
        return mount.awaitEnd(vfs::close);
    }

    private synchronized void startBehind() {
        if (stopping.get()) {
            return;
        }
        Vertx started = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        vertx = started;
        failures.watch(started);
        LocalMessages.register(started);
        CatalogWriter writer = catalog.startWriter(started);
        Ranks ranks = Ranks.of(config.enabledOrigins());
        TreeUpdater shown = new TreeUpdater(started, tree, catalog.reader(), writer, template, Clock.system(), ranks);
        updater = shown;
        if (config.fuse().announce()) {
            mount.announceThrough(shown::attach);
        }
        TaskSupervisor tasks = new TaskSupervisor(Timers.of(started), Clock.system(), Events.on(started));
        supervisor = tasks;
        OriginService reached = new OriginService(started, config, tasks);
        origins = reached;
        LibraryService library = new LibraryService(
                started,
                config,
                options.acceptRemovals(),
                reached.all(),
                new LibraryService.Parts(
                        catalog.reader(),
                        writer,
                        new TreePublisher(shown),
                        new ScanReport(out, ScanReport.isTerminal(), Clock.system()),
                        Optional.of(LayoutReader::readBlocking)));
        service = library;
        CacheStorage opened = CacheStorage.open(config, catalog.reader(), tasks);
        storage = opened;
        Content bytes = new Content(
                started,
                catalog.reader(),
                reached::origin,
                reached.replicas()::of,
                row -> library.refresh(row.origin(), row.path().parent()),
                opened.store(),
                new PinningManifests(
                        started,
                        new CatalogManifests(started, catalog.reader(), writer, fileId -> shown.apply(
                                        List.of(new TreeChange.Doubted(fileId)))
                                .onFailure(e -> LOG.warn("A file is not told anew: {}", e.getMessage()))),
                        catalog.reader(),
                        opened.store()),
                new OriginLayouts(),
                config.cache());
        content = bytes;
        Waiting.await(started.deployVerticle(new ContentVerticle(bytes)), PATIENCE, "the start of the content room");
        opened.awaitTriedBlocking(CACHE_PATIENCE);
        bridge.connect(started);
        startControl(started, opened, bytes, writer, reached, library, tasks);
        startOrigins(reached, library, shown, ranks, tasks);
        tasks.supervise(
                "catalog-backup",
                Importance.OPTIONAL,
                new CatalogKeeper(catalog, CatalogKeeper.Blocking.of(started), Timers.of(started), Clock.system()));
        tasks.supervise(
                "store-look",
                Importance.CRITICAL,
                new Periodic(
                        CACHE_LOOK,
                        () -> {
                            reached.health().cache(opened.illness());
                            reached.health().catalog(catalog.damage().orElse(""));
                        },
                        Timers.of(started)));
        watchdog = Watchdog.interval(System.getenv(), ProcessHandle.current().pid())
                .map(interval -> feed(started, interval, tasks))
                .orElse(null);
    }

    private Watchdog feed(Vertx started, Duration interval, TaskSupervisor tasks) {
        // The sums are asked of SQLite; the root's entry would come from the tree's cache.
        PathProbe probe = new PathProbe(started, tree::totalsBlocking, tasks::criticalAlive);
        Watchdog fed = new Watchdog(interval, PROBE_PATIENCE, probe, notifier::watchdog, Timers.of(started));
        fed.start();
        return fed;
    }

    /** Nothing waits for an origin: the tree is served, and each is scanned as soon as it can be reached. */
    private void startOrigins(
            OriginService reached, LibraryService library, TreeUpdater shown, Ranks ranks, TaskSupervisor tasks) {
        reached.onRecovered(library::catchUp);
        reached.onBlamed(library::refresh);
        reached.start().onComplete(deployed -> {
            for (LibrarySync sync : library.syncs()) {
                tasks.supervise("sync-" + sync.origin(), Importance.CRITICAL, handle -> sync.start()
                        .onSuccess(done -> out.println("musicfs: watching " + sync.origin()))
                        .compose(done -> handle.stopRequested()));
            }
        });
        shown.regroup(ranks.fingerprint())
                .onFailure(
                        e -> LOG.warn("Copies are not told anew: {} It is tried at the next start.", e.getMessage()));
    }

    /** What cannot be talked to serves all the same. */
    private void startControl(
            Vertx started,
            CacheStorage opened,
            Content bytes,
            CatalogWriter writer,
            OriginService reached,
            LibraryService library,
            TaskSupervisor tasks) {
        PinnedTree pinned = new PinnedTree(
                tree,
                catalog.reader(),
                new PinnedFiles(catalog.reader(), writer, opened.store()),
                List.of(mountPoint, realMountPoint));
        CacheService cache =
                new CacheService(started, opened.maintenance(() -> Optional.of(bytes.stats()), () -> {}), pinned);
        List<Route> routes = new ArrayList<>(CacheRoutes.to(cache));
        OriginMonitor monitor = new OriginMonitor(reached, library::catchUp, Clock.system());
        routes.addAll(OriginRoutes.to(monitor));
        routes.addAll(DaemonRoutes.to(new DaemonService(
                realMountPoint,
                monitor,
                opened::state,
                catalog::damage,
                tasks,
                failures,
                this::stop,
                Timers.of(started),
                Clock.system())));
        routes.addAll(ProcessRoutes.of(() -> Map.of(
                "content",
                bytes.stats().gauges(),
                "mount",
                gauges(),
                "scan",
                library.scanTotals(),
                "failures",
                Map.of("uncaught", failures.count(), "tasks", tasks.deaths()))));
        tasks.supervise("control", Importance.OPTIONAL, handle -> started.deployVerticle(
                        new ControlVerticle(config.cacheDir(), routes, ControlLimits.DEFAULTS))
                .onFailure(e -> LOG.warn("No command can talk to this daemon: {}", e.getMessage()))
                .compose(deployed -> handle.stopRequested()));
    }

    private Map<String, Long> gauges() {
        return Map.of("openFiles", (long) vfs.openFileCount());
    }

    /**
     * Ends everything in order within {@code drain}; a second caller waits for the first. Nothing is thrown.
     *
     * <p>Reads come to their end or get an error, then the mount goes, and then what it stood on: whoever looks at a
     * mount that is about to go is answered from a whole tree to the last.
     */
    void stop(Duration drain) {
        if (!stopping.compareAndSet(false, true)) {
            mount.awaitStopped();
            return;
        }
        mount.beginStop();
        notifier.stopping("stopping");
        Shutdown end = new Shutdown(drain.compareTo(LEAST_DRAIN) < 0 ? LEAST_DRAIN : drain, Clock.system());
        try {
            end.phase("new openings", patience -> vfs.refuseOpenings());
            end.phase("reads under way", this::endReads);
            synchronized (this) {
                stopBehind(end);
            }
            lock.close();
            notifier.close();
        } finally {
            end.over();
            mount.endStop();
        }
    }

    private void stopBehind(Shutdown end) {
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
        end.phase("the mount", patience -> mount.stop(patience.dividedBy(3)));
        end.phase("open files", patience -> vfs.close());
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
        end.phase("the catalog", patience -> catalog.closeBlocking());
        Vertx running = vertx;
        if (running != null) {
            end.phase("Vert.x", patience -> Waiting.await(running.close(), patience, "the end of Vert.x"));
        }
    }

    /** They finish, or fail once their time is over. */
    private void endReads(Duration patience) {
        Polling.until(() -> bridge.waiting() == 0, Duration.ofMillis(10), Deadline.in(patience.dividedBy(2)));
        bridge.close();
    }

    /** Takes the mount away and nothing else: the process ends now. Blocks for no longer than {@code patience}. */
    void abandon(Duration patience) {
        mount.takeAway(patience);
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

    private FileFacts facts() {
        return new TrackFacts(
                catalog.reader(),
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

    private static MountOptions mountOptions(FuseConfig fuse) {
        // Only root's mounts are for everybody unasked: a daemon of root's is there to serve others.
        return new MountOptions(
                fuse.announce() ? ANNOUNCED_KERNEL_CACHE : UNANNOUNCED_KERNEL_CACHE,
                fuse.allowOther() || ownId("uid") == 0,
                fuse.maxReadaheadBytes());
    }

    private static Presentation presentation(FuseConfig fuse) {
        return new Presentation(
                fuse.fileMode(),
                fuse.dirMode(),
                fuse.uid() == FuseConfig.OWN_ID ? ownId("uid") : fuse.uid(),
                fuse.gid() == FuseConfig.OWN_ID ? ownId("gid") : fuse.gid());
    }

    /** Before it is mounted: a mountpoint that is mounted may be a dead one. */
    private static Path real(Path mountPoint) {
        try {
            return mountPoint.toRealPath();
        } catch (IOException e) {
            return mountPoint;
        }
    }

    private static int ownId(String which) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + which);
        } catch (IOException e) {
            throw new MusicFsException(FailureKind.INTERNAL, "the " + which + " of this process is unknown", e);
        }
    }
}
