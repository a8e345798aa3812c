package dev.musicfs.fuse;

import dev.musicfs.tree.Announcer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A mount from its beginning to its end, as those see it who keep it. Started and stopped once, by one thread that may block. */
public interface KernelMount {
    /**
     * Mounts, blocking for milliseconds.
     *
     * @return completes on a FUSE thread when the kernel has accepted the mount; do not block in what follows
     */
    CompletableFuture<Void> start();

    /** Completes when the mount is gone, by {@link #stop} or by somebody's {@code umount}. */
    CompletableFuture<Void> ended();

    /** After {@link #ended}: whether it is still in the mount table, so that its connection was aborted and nobody unmounted it. */
    boolean isDead();

    /** Tells the kernel about changes, from the mount's readiness until {@link #stop}; a no-op otherwise. */
    Announcer announcer();

    /**
     * Unmounts. Somebody who uses the mount gets {@code drain} to finish, then it is taken away. Blocks at most that
     * long and a few seconds.
     */
    void stop(Duration drain);

    /**
     * Leaves the mount where it is, for the next process to replace: every request is answered from now on as that of a
     * dead mount is, with ENOTCONN, until this process ends. Those under way get {@code drain} to finish. Blocks for no
     * longer.
     */
    void leave(Duration drain);

    /** Takes the mount away at once, even if it is in use, and frees nothing: for a process that ends. Any thread. */
    void takeAway();
}
