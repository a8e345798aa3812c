package dev.musicfs.chunk.store;

import dev.musicfs.chunk.disk.DiskHealth;
import dev.musicfs.chunk.maintain.StoreMaintainer;
import dev.musicfs.runtime.DedicatedThread;
import dev.musicfs.runtime.TaskBody;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a store. One opens it and keeps it in order; another looks after the disk, since its probe may hang for as
 * long as the disk does and must not hold up the first.
 */
final class StoreThreads {
    private static final long TURN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PRESSING_TURN_NANOS = Duration.ofMillis(5).toNanos();
    private static final Duration LAST_TURN = Duration.ofSeconds(10);

    private final StoreOpener opener;
    private final StoreMaintainer maintainer;
    private final Optional<DiskHealth> disk;

    private volatile boolean ended;
    private volatile @Nullable Thread maintaining;

    StoreThreads(StoreOpener opener, StoreMaintainer maintainer, Optional<DiskHealth> disk) {
        this.opener = opener;
        this.maintainer = maintainer;
        this.disk = disk;
    }

    /** Has {@code begin} start both, each given by its name and its body. */
    void start(BiConsumer<String, TaskBody> begin) {
        begin.accept("cache-maintenance", new DedicatedThread("musicfs-chunk-maintenance", this::maintain));
        disk.ifPresent(health -> begin.accept(
                "cache-disk", new DedicatedThread("musicfs-chunk-disk", unwanted -> watch(health, unwanted))));
    }

    /** There is something to be done at once. */
    void wake() {
        LockSupport.unpark(maintaining);
    }

    /** Does what is due, on the calling thread. */
    void tickBlocking() {
        if (!ended && opener.isDue()) {
            opener.tryBlocking();
        }
        maintainer.tickBlocking();
    }

    /** Ends both; waits for the one that maintains, at most 10 seconds. */
    void endBlocking() {
        ended = true;
        Thread thread = maintaining;
        if (thread == null) {
            return;
        }
        maintainer.stop();
        LockSupport.unpark(thread);
        try {
            thread.join(LAST_TURN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A disk that fails is no reason to die: opener and maintainer tell of it by the state.
    private void maintain(BooleanSupplier unwanted) {
        maintaining = Thread.currentThread();
        maintainer.until(unwanted);
        while (!ended && !unwanted.getAsBoolean()) {
            if (!opener.isTried()) {
                opener.tryBlocking();
            }
            tickBlocking();
            // Pressing work that cannot be done must not turn into a busy loop.
            LockSupport.parkNanos(maintainer.isPressing() ? PRESSING_TURN_NANOS : TURN_NANOS);
        }
    }

    private void watch(DiskHealth health, BooleanSupplier unwanted) {
        while (!ended && !unwanted.getAsBoolean()) {
            health.tickBlocking();
            LockSupport.parkNanos(TURN_NANOS);
        }
    }
}
