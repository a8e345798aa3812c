package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.FuseConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.Ending;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.Bridge;
import dev.musicfs.fuse.FuseMount;
import dev.musicfs.fuse.KeptMount;
import dev.musicfs.fuse.MountOptions;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.process.InstanceLock;
import dev.musicfs.process.KilledOwner;
import dev.musicfs.process.PresentOwner;
import dev.musicfs.process.ServiceNotifier;
import dev.musicfs.process.Shutdown;
import dev.musicfs.process.SpareRoom;
import dev.musicfs.process.Stopping;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.StandbyThread;
import dev.musicfs.runtime.UncaughtFailures;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TreeNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A mount and all that stands behind it. The mount comes first and serves the stored catalog; Vert.x, the origins and
 * the scan start behind it, so that a start takes the same time for every size of library.
 */
@Attended(threads = "the orderly end, which ends the process")
public final class MountedLibrary implements Stopping.Stoppable {
    private static final long TREE_CACHE_BYTES = 16L << 20;
    /** The least an end gets, however soon it is wanted: unmounting and tidying take their time. */
    /** Also when what was to be ended before it took all the time: a dead mount would be left. */
    private static final Duration LEAST_FOR_MOUNT = Duration.ofSeconds(2);

    private static final Duration LEAST_DRAIN = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANNOUNCED_KERNEL_CACHE = Duration.ofHours(1);
    private static final Duration UNANNOUNCED_KERNEL_CACHE = Duration.ofSeconds(1);

    private final Path mountPoint;
    private final PrintStream out;
    private final InstanceLock lock;
    private final SpareRoom spare;
    private final Reloads reloads;
    private final ServiceNotifier notifier = ServiceNotifier.of(System.getenv(), Clock.system());
    private final BehindMount behind;
    private final VirtualFileSystem vfs;
    private final Bridge bridge = new Bridge(Bridge.DEFAULT_MAX_WAITERS);
    private final KeptMount mount;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final StandbyThread stopper = new StandbyThread("musicfs-shutdown");

    /** What a daemon has before it has a mount: where to print, who counts failures, who reloads the configuration. */
    record Surroundings(PrintStream out, UncaughtFailures failures, Reloads reloads) {}

    private MountedLibrary(
            MusicFsConfig config,
            Path mountPoint,
            Daemon.Options options,
            Surroundings surroundings,
            Template template,
            InstanceLock lock,
            Catalog catalog) {
        this.mountPoint = mountPoint;
        this.out = surroundings.out();
        this.lock = lock;
        this.spare = new SpareRoom(config.cacheDir());
        this.reloads = surroundings.reloads();
        Tree tree = new Tree(catalog.reader(), TREE_CACHE_BYTES);
        this.behind = new BehindMount(
                config,
                new BehindMount.Front(
                        new BehindMount.MountPoints(mountPoint, real(mountPoint)),
                        options,
                        surroundings.out(),
                        template,
                        catalog,
                        tree,
                        bridge,
                        this::announce,
                        this::beginStop,
                        notifier,
                        surroundings.failures(),
                        reloads));
        this.vfs = new VirtualFileSystem(
                new TreeNamespace(tree),
                bridge,
                presentation(config.fuse()),
                PATIENCE,
                VirtualFileSystem.DEFAULT_MAX_OPEN_FILES,
                config.fuse().xattrs() ? Optional.of(behind.facts()) : Optional.empty());
        this.mount = new KeptMount(
                mountPoint,
                () -> new FuseMount(mountPoint, mountOptions(config.fuse()), vfs, surroundings.failures()::report));
    }

    private void announce(TreeUpdater shown) {
        mount.announceThrough(shown::attach);
    }

    /** Checks everything, mounts, and returns when the mount serves; throws one sentence and leaves nothing otherwise. */
    static MountedLibrary mount(
            MusicFsConfig config, Path mountPoint, Daemon.Options options, Surroundings surroundings) {
        Template template = Template.parse(config.template());
        KilledOwner.letGo(config.cacheDir(), mountPoint);
        Path database = config.cacheDir().resolve("catalog.db");
        if (!Catalog.existsBlocking(database)) {
            OriginCheck.requireAll(config.enabledOrigins());
        }
        if (options.replace()) {
            // Nobody is ended for what is refused then.
            FuseMount.checkToReplace(mountPoint);
            OriginCheck.requireUnknown(config.enabledOrigins(), id -> Catalog.knowsBlocking(database, id));
        }
        PresentOwner.settle(config.cacheDir(), mountPoint, options.replace());
        FuseMount.check(mountPoint);
        InstanceLock lock = InstanceLock.take(config.cacheDir());
        Catalog catalog = null;
        try {
            catalog = openBlocking(database, new SpareRoom(config.cacheDir()));
            OriginCheck.requireUnknown(config.enabledOrigins(), catalog.reader());
            MountedLibrary library =
                    new MountedLibrary(config, mountPoint, options, surroundings, template, lock, catalog);
            library.startMount();
            return library;
        } catch (RuntimeException | Error e) {
            if (catalog != null) {
                closeAfter(catalog, e);
            }
            lock.close();
            throw e;
        }
    }

    // What went wrong at first is what the user should read.
    private static void closeAfter(Catalog catalog, Throwable first) {
        try {
            catalog.closeBlocking();
        } catch (RuntimeException | Error e) {
            first.addSuppressed(e);
        }
    }

    private static Catalog openBlocking(Path database, SpareRoom spare) {
        boolean full = spare.letGoIfFullBlocking();
        Catalog catalog = Catalog.openOrRecoverBlocking(database, Clock.system());
        if (!full) {
            spare.keepBlocking();
        }
        return catalog;
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
        if (!stopping.get()) {
            behind.start(vfs::openFileCount);
        }
    }

    /**
     * {@linkplain #stop Stops} on a thread that waits for this; a second call changes nothing. The end of the mount ends
     * the process, whose main thread waits for it.
     */
    @Override
    public void beginStop(Ending ending) {
        stopper.run(() -> stop(ending));
    }

    /** Ends everything in order within {@code drain}, see {@link #stop(Ending)}. */
    void stop(Duration drain) {
        stop(new Ending(drain, false));
    }

    /**
     * Ends everything in order within the time given; a second caller waits for the first. Nothing is thrown.
     *
     * <p>Reads come to their end or get an error, then the mount goes, and then what it stood on: whoever looks at a
     * mount that is about to go is answered from a whole tree to the last.
     */
    private void stop(Ending ending) {
        if (!stopping.compareAndSet(false, true)) {
            mount.awaitStopped();
            return;
        }
        Duration drain = ending.drain();
        Shutdown end = new Shutdown(drain.compareTo(LEAST_DRAIN) < 0 ? LEAST_DRAIN : drain, Clock.system());
        try {
            mount.beginStop();
            // Or what a reload says at its end would come after this.
            end.phase("reloading", reloads::closeBlocking);
            notifier.stopping("stopping");
            end.phase("new openings", patience -> vfs.refuseOpenings());
            end.phase("reads under way", this::endReads);
            synchronized (this) {
                behind.stopChanges(end);
                end.phase("the mount", LEAST_FOR_MOUNT, patience -> {
                    if (ending.leavesMount()) {
                        mount.leave(patience);
                    } else {
                        mount.stop(patience.dividedBy(3));
                    }
                });
                end.phase("open files", patience -> vfs.close());
                behind.stopRest(end);
            }
            end.phase("taking spare room", patience -> spare.keepWhatFitsBlocking());
            lock.close();
            notifier.close();
        } finally {
            end.over();
            mount.endStop();
        }
    }

    /** They finish, or fail once their time is over. */
    private void endReads(Duration patience) {
        Polling.until(() -> bridge.waiting() == 0, Duration.ofMillis(10), Deadline.in(patience.dividedBy(2)));
        bridge.close();
    }

    /** Takes the mount away and nothing else: the process ends now. Blocks for no longer than {@code patience}. */
    @Override
    public void abandon(Duration patience) {
        mount.takeAway(patience);
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
