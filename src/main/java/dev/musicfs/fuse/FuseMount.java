package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.fuse.device.Device;
import dev.musicfs.fuse.device.LoopSettings;
import dev.musicfs.fuse.device.RequestLoop;
import dev.musicfs.fuse.node.MountAnnouncer;
import dev.musicfs.fuse.node.NodeOperations;
import dev.musicfs.posix.MountTable;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.tree.Announcer;
import dev.musicfs.vfs.VirtualFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link VirtualFileSystem} mounted on a directory. */
public final class FuseMount implements KernelMount {
    private static final Logger log = LoggerFactory.getLogger(FuseMount.class);
    private static final Duration BUSY_RETRY = Duration.ofMillis(50);
    private static final Duration IDLE_CHECK = Duration.ofMillis(10);
    private static final Duration THREADS_END = Duration.ofSeconds(5);

    private final Path mountpoint;
    private final MountOptions options;
    private final Consumer<Throwable> defects;
    private final NodeOperations operations;
    private final MountAnnouncer announcer;
    private final Duration patience;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable RequestLoop loop;

    /**
     * Not yet mounted. Looks at the mountpoint and refuses what cannot be mounted on.
     *
     * @param defects told, on any thread, of every failure that is a defect of the program; the call it befell has
     *     failed with {@code EIO} and everything goes on
     */
    public FuseMount(Path mountpoint, MountOptions options, VirtualFileSystem vfs, Consumer<Throwable> defects) {
        NativeLibraries.require();
        this.mountpoint = Mountpoint.prepare(mountpoint);
        this.options = options;
        this.defects = defects;
        this.patience = vfs.patience();
        this.operations = new NodeOperations(this.mountpoint, options.kernelCache(), vfs, defects);
        this.announcer = operations.announcer();
    }

    /** Refuses, in one sentence, a mountpoint that cannot be mounted on; a dead mount of ours there will be replaced. */
    public static void check(Path mountpoint) {
        Mountpoint.prepare(mountpoint);
    }

    /**
     * The same before the mount of another MusicFS there, of which nothing is asked, is ended so that this one can have its
     * place.
     */
    public static void checkToReplace(Path mountpoint) {
        Path path = MountTable.placeOf(mountpoint);
        boolean ours =
                MountTable.read().at(path).filter(MountTable.Mount::isMusicFs).isPresent();
        // What a link leads to may be such a mount.
        if (!ours && !Files.isSymbolicLink(path)) {
            check(mountpoint);
        }
    }

    /** Takes a mount of ours away whose connection is gone; anything else there stays. */
    public static void detachDead(Path mountpoint) {
        Mountpoint.repairIfStale(mountpoint.toAbsolutePath().normalize());
    }

    /**
     * Fails every request to a mount of ours whose process was killed while it waited for itself; such a process does not
     * end before. Needs root, or the kernel's fusectl file system.
     */
    public static void abort(Path mountpoint) {
        Mountpoint.abort(mountpoint.toAbsolutePath().normalize());
    }

    @Override
    public CompletableFuture<Void> start() {
        Device device = Connecting.mountBlocking(mountpoint, options);
        RequestLoop started = new RequestLoop(
                device, new LoopSettings(options.wishes(), patience, Clock.system()), operations, defects);
        loop = started;
        var unusedEnding = started.ended().thenRun(() -> {
            announcer.enable(false);
            ready.completeExceptionally(
                    new MusicFsException(FailureKind.UNAVAILABLE, mountpoint + " was unmounted before it was ready."));
            ended.complete(null);
        });
        var unusedBeginning = started.ready().whenComplete((done, failure) -> {
            if (failure == null) {
                announcer.enable(true);
                ready.complete(null);
            } else if (!started.ended().isDone()) {
                ready.completeExceptionally(failure);
            }
        });
        try {
            started.start();
        } catch (MusicFsException e) {
            loop = null;
            Unmounter.detach(mountpoint);
            throw e;
        }
        return ready;
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public boolean isDead() {
        return Mountpoint.isStale(mountpoint);
    }

    @Override
    public Announcer announcer() {
        return announcer;
    }

    /** Requests of the kernel since the mount by their names, such as {@code LOOKUP}; those that never came are left out. */
    public Map<String, Long> callCounts() {
        RequestLoop present = loop;
        return present == null ? Map.of() : present.callCounts();
    }

    /** Announcements that the kernel did not take. */
    public long announcementFailures() {
        return announcer.failureCount();
    }

    /** Threads that serve the kernel at present. */
    public int threadCount() {
        RequestLoop present = loop;
        return present == null ? 0 : present.threadCount();
    }

    /** Requests of the kernel that wait for an answer while no thread is at work on them. */
    public int waitingCount() {
        RequestLoop present = loop;
        return present == null ? 0 : present.waitingCount();
    }

    @Override
    public synchronized void stop(Duration drain) { // two may stop one that came amid the end
        announcer.enable(false);
        if (loop == null) {
            return;
        }
        Deadline deadline = Deadline.in(drain);
        boolean ended = endsWithin(Duration.ZERO);
        while (!ended && !Unmounter.unmount(mountpoint) && !deadline.expired()) {
            ended = endsWithin(BUSY_RETRY);
        }
        if (!ended
                && MountTable.read()
                        .at(mountpoint)
                        .filter(MountTable.Mount::isFuse)
                        .isPresent()) {
            log.info("{} is still in use; it is taken away.", mountpoint);
            Unmounter.abort(mountpoint);
        }
        if (ended || endsWithin(THREADS_END)) {
            loop = null;
        } else {
            log.warn("Some FUSE threads of {} have not ended.", mountpoint);
        }
    }

    @Override
    public void leave(Duration drain) {
        announcer.enable(false);
        RequestLoop present = loop;
        if (present == null) {
            return;
        }
        present.leave();
        if (!Polling.until(present::isIdle, IDLE_CHECK, Deadline.in(drain))) {
            log.info("{} is still in use.", mountpoint);
        }
    }

    @Override
    public void takeAway() {
        if (loop != null) {
            Unmounter.abort(mountpoint);
        }
    }

    @Waits("the thread that stops the mount: what it is served from ends after it")
    private boolean endsWithin(Duration patience) {
        try {
            ended().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of the mount cannot fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
