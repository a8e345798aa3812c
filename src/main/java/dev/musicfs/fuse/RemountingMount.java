package dev.musicfs.fuse;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.runtime.Threads;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.Announcer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mount, which is made anew when its connection is aborted: by {@code /sys/fs/fuse/connections}, by a forced
 * {@code umount}, by the kernel. Until then the dead one stays where it is, since a consumer that meets an error keeps its
 * library and one that meets an empty directory does not. A mount that somebody took away is not made anew.
 */
@Attended(threads = "waited for within the process's last two seconds")
public final class RemountingMount {
    private static final Logger LOG = LoggerFactory.getLogger(RemountingMount.class);
    private static final Duration MOUNT_TIMEOUT = Duration.ofSeconds(20);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(15));

    private final Path mountPoint;
    private final Supplier<? extends KernelMount> maker;
    private final Waiting waiting;
    private final CompletableFuture<Void> stopBegan = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile KernelMount mount;
    private volatile @Nullable Consumer<Announcer> listener;
    private volatile boolean lost;

    /** How time passes, so that a test can turn it by hand. */
    @FunctionalInterface
    interface Waiting {
        /** As {@link CompletableFuture#get(long, TimeUnit)}. */
        void await(CompletableFuture<Void> what, Duration patience)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** @param maker gives a new mount each time; looks at the mountpoint, and throws one sentence when it will not do */
    @Waits("the process's main thread, for the mount to come and to go")
    public RemountingMount(Path mountPoint, Supplier<? extends KernelMount> maker) {
        this(mountPoint, maker, (what, patience) -> {
            Void unused = what.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        });
    }

    public RemountingMount(Path mountPoint, Supplier<? extends KernelMount> maker, Waiting waiting) {
        this.mountPoint = mountPoint;
        this.maker = maker;
        this.waiting = waiting;
        this.mount = maker.get();
    }

    /** Mounts; throws one sentence and leaves nothing mounted otherwise. Blocks for 20 s at most. */
    public void start() {
        start(mount);
    }

    private void start(KernelMount starting) {
        try {
            waiting.await(starting.start(), MOUNT_TIMEOUT);
        } catch (ExecutionException e) {
            starting.stop(Duration.ZERO);
            throw MusicFsException.wrap(mountPoint + " cannot be mounted", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            starting.stop(Duration.ZERO);
            throw new MusicFsException(
                    FailureKind.TIMEOUT,
                    "the kernel did not begin to use the mount on " + mountPoint + " within "
                            + MOUNT_TIMEOUT.toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            starting.stop(Duration.ZERO);
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.INTERNAL, "mounting was interrupted", e);
        }
    }

    /** Has {@code told} given what tells the kernel of changes, now and after each new mount. */
    public void announceThrough(Consumer<Announcer> told) {
        listener = told;
        told.accept(mount.announcer());
    }

    /**
     * Waits until the mount is gone for good, or has been stopped with a thread of the kernel's that does not come back.
     *
     * @param between what is done after an abort, when no operation runs any more, before it is mounted anew
     * @return false when it was aborted and cannot be mounted again
     */
    @Waits("the process's main thread, for as long as the mount is there")
    public boolean awaitEnd(Runnable between) {
        while (true) {
            CompletableFuture.anyOf(mount.ended(), stopped).join();
            if (stopBegan.isDone() || !mount.isDead()) {
                return true;
            }
            LOG.error("The kernel's connection to {} was aborted; it is mounted anew.", mountPoint);
            mount.stop(Duration.ZERO);
            between.run();
            if (!startAnew()) {
                return stopBegan.isDone();
            }
        }
    }

    private boolean startAnew() {
        for (Duration pause : PAUSES) {
            if (stopBeginsWithin(pause)) {
                return false;
            }
            try {
                KernelMount next = maker.get();
                start(next);
                mount = next;
                if (stopBegan.isDone()) { // the stop came in between, and may have looked before this mount was there
                    next.stop(Duration.ZERO);
                    return false;
                }
                Consumer<Announcer> told = listener;
                if (told != null) {
                    told.accept(next.announcer());
                }
                LOG.info("{} is mounted again.", mountPoint);
                return true;
            } catch (RuntimeException e) {
                LOG.warn("{} cannot be mounted again: {}", mountPoint, e.getMessage());
            }
        }
        lost = true;
        LOG.error("{} could not be mounted again; MusicFS ends.", mountPoint);
        return false;
    }

    private boolean stopBeginsWithin(Duration pause) {
        try {
            waiting.await(stopBegan, pause);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the beginning of a stop cannot fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** No mount is made anew from now on. */
    public void beginStop() {
        stopBegan.complete(null);
    }

    /**
     * Unmounts, see {@link FuseMount#stop}. A dead mount goes as well, unless it could not be made anew: the process that
     * is started next replaces it then, and no consumer sees an empty directory meanwhile.
     */
    public void stop(Duration drain) {
        beginStop();
        mount.stop(drain);
        if (!lost) {
            FuseMount.detachDead(mountPoint);
        }
    }

    /** Leaves the mount dead where it is, see {@link FuseMount#leave}: no consumer sees an empty directory meanwhile. */
    public void leave(Duration drain) {
        beginStop();
        mount.leave(drain);
    }

    /** Everything has been stopped, the mount as far as possible. */
    public void endStop() {
        stopped.complete(null);
    }

    /** Waits for {@link #endStop}. */
    @Waits("the process's main thread, for the end of the stop")
    public void awaitStopped() {
        stopped.join();
    }

    /** Takes the mount away at once, see {@link FuseMount#takeAway}. Blocks for no longer than {@code patience}. */
    public void takeAway(Duration patience) {
        Thread thread;
        try {
            thread = Threads.begin("musicfs-abandon", mount::takeAway);
        } catch (MusicFsException e) {
            mount.takeAway();
            return;
        }
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
