package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.reload.Reloads;
import dev.musicfs.control.api.Ending;
import dev.musicfs.failure.Attended;
import dev.musicfs.fuse.FuseMount;
import dev.musicfs.fuse.MountOptions;
import dev.musicfs.fuse.RemountingMount;
import dev.musicfs.model.Printable;
import dev.musicfs.posix.ProcessOwner;
import dev.musicfs.process.Foreground;
import dev.musicfs.process.ServiceNotifier;
import dev.musicfs.process.SpareRoom;
import dev.musicfs.process.StartClaims;
import dev.musicfs.process.StartOptions;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.Shutdown;
import dev.musicfs.runtime.StandbyThread;
import dev.musicfs.runtime.UncaughtFailures;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TreeNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A mount and all that it is served from. The mount comes first and serves the stored catalog; Vert.x, the origins and the
 * scan start after it, so that a start takes the same time for every size of library.
 */
@Attended(threads = "the orderly end, which ends the process")
final class MusicFsDaemon implements Foreground.Served {
    private static final long TREE_CACHE_BYTES = 16L << 20;
    /** Also when what was to be ended before it took all the time: a dead mount would be left. */
    private static final Duration LEAST_FOR_MOUNT = Duration.ofSeconds(2);
    /** The least an end gets, however soon it is wanted: unmounting and tidying take their time. */
    private static final Duration LEAST_DRAIN = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path mountPoint;
    private final PrintStream out;
    private final ServiceNotifier notifier = ServiceNotifier.of(System.getenv(), Clock.system());
    private final DaemonServices services;
    private final VirtualFileSystem vfs;
    private final ContentBus bus = new ContentBus();
    private final RemountingMount mount;
    private final Runnable unlock;
    private final LifecycleStack asking = new LifecycleStack();
    private final LifecycleStack serving = new LifecycleStack();
    private final LifecycleStack loops;
    private final LifecycleStack base;
    private final LifecycleStack changes;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final StandbyThread stopper = new StandbyThread("musicfs-shutdown");
    private volatile boolean leavesMount;
    private volatile boolean originsMissing;

    /** What a daemon has before it has a mount: where to print, who counts failures, who reloads the configuration. */
    record ProcessServices(PrintStream out, UncaughtFailures failures, Reloads reloads) {}

    private MusicFsDaemon(
            MusicFsConfig config,
            Path mountPoint,
            StartOptions options,
            ProcessServices process,
            Template template,
            StartClaims claims) {
        this.mountPoint = mountPoint;
        this.out = process.out();
        this.unlock = claims.lock()::close;
        Catalog catalog = claims.catalog();
        Tree tree = new Tree(catalog.reader(), TREE_CACHE_BYTES);
        this.services = new DaemonServices(
                config,
                new DaemonServices.Front(
                        mountPoint,
                        claims.realMountPoint(),
                        options,
                        out,
                        template,
                        catalog,
                        tree,
                        bus,
                        this::openFileCount,
                        this::announce,
                        this::beginStop,
                        options.requireOrigins() ? this::endForOrigins : () -> {},
                        notifier,
                        process.failures(),
                        process.reloads()));
        ProcessOwner owner = ProcessOwner.read();
        this.vfs = new VirtualFileSystem(
                new TreeNamespace(tree),
                bus,
                Presentation.of(config.fuse(), owner.uid(), owner.gid()),
                PATIENCE,
                VirtualFileSystem.DEFAULT_MAX_OPEN_FILES,
                config.fuse().xattrs() ? Optional.of(services.facts()) : Optional.empty());
        MountOptions mountOptions = MountOptions.of(config.fuse(), owner.uid() == 0);
        this.mount = new RemountingMount(
                mountPoint, () -> new FuseMount(mountPoint, mountOptions, vfs, process.failures()::report));
        SpareRoom spare = new SpareRoom(config.cacheDir());
        serving.push("taking spare room", patience -> spare.keepWhatFitsBlocking());
        this.loops = serving.section();
        serving.push("the catalog", patience -> catalog.closeBlocking());
        this.base = serving.section();
        serving.push("open files", patience -> vfs.close());
        serving.push("the mount", LEAST_FOR_MOUNT, this::endMount);
        this.changes = serving.section();
        asking.push("reads under way", this::endReads);
        asking.push("new openings", patience -> {
            notifier.stopping("stopping");
            vfs.refuseOpenings();
        });
        // Or what a reload says at its end would come after this.
        asking.push("reloading", process.reloads()::closeBlocking);
    }

    private int openFileCount() {
        return vfs.openFileCount();
    }

    private void announce(TreeUpdater shown) {
        mount.announceThrough(shown::attach);
    }

    /** Checks everything, mounts, and returns when the mount serves; throws one sentence and leaves nothing otherwise. */
    static MusicFsDaemon mount(MusicFsConfig config, Path mountPoint, StartOptions options, ProcessServices process) {
        Template template = Template.parse(config.template());
        return StartClaims.takeBlocking(config, mountPoint, options).begun(claims -> {
            MusicFsDaemon daemon = new MusicFsDaemon(config, mountPoint, options, process, template, claims);
            daemon.startMount();
            return daemon;
        });
    }

    private void startMount() {
        mount.start();
        // Line breaks in its name would be another message of ours, to systemd as well.
        String place = Printable.line(mountPoint.toString());
        out.println("musicfs: serving " + place);
        notifier.ready("serving " + place);
    }

    /** Starts what the mount is served from and returns when the mount is gone for good. */
    @Override
    public boolean serve() {
        startServices();
        return mount.awaitEnd(vfs::close) && !originsMissing;
    }

    private void endForOrigins() {
        originsMissing = true;
        out.println("musicfs: " + mountPoint + " is taken away, since --require-origins wants every origin to answer");
        beginStop(new Ending(LEAST_DRAIN, false));
    }

    private synchronized void startServices() {
        if (!stopping.get()) {
            services.startBlocking(loops, base, changes);
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
    @Override
    public void stop(Duration drain) {
        stop(new Ending(drain, false));
    }

    /**
     * Ends everything in order within the time given; a second caller waits for the first. Nothing is thrown.
     *
     * <p>First reads finish or get an error, then the mount is taken away, and then what it was served from: as long as
     * the mount can be looked at, it shows the whole tree.
     */
    private void stop(Ending ending) {
        if (!stopping.compareAndSet(false, true)) {
            mount.awaitStopped();
            return;
        }
        leavesMount = ending.leavesMount();
        Duration drain = ending.drain();
        Shutdown end = new Shutdown(drain.compareTo(LEAST_DRAIN) < 0 ? LEAST_DRAIN : drain, Clock.system());
        try {
            mount.beginStop();
            asking.stopBlocking(end);
            synchronized (this) {
                serving.stopBlocking(end);
            }
            unlock.run();
            notifier.close();
        } finally {
            end.over();
            mount.endStop();
        }
    }

    private void endMount(Duration patience) {
        if (leavesMount) {
            mount.leave(patience);
        } else {
            mount.stop(patience.dividedBy(3));
        }
    }

    /** They finish, or fail once their time is over. */
    private void endReads(Duration patience) {
        Polling.until(() -> bus.waiting() == 0, Duration.ofMillis(10), Deadline.in(patience.dividedBy(2)));
        bus.close();
    }

    /** Takes the mount away and nothing else: the process ends now. Blocks for no longer than {@code patience}. */
    @Override
    public void abandon(Duration patience) {
        mount.takeAway(patience);
    }
}
