package dev.musicfs.vfs;

import java.util.concurrent.Semaphore;

/**
 * Bounds how many requests read from a disk on the threads that decode requests, so that a disk that hangs does not take all
 * of these. Beyond that they read on {@linkplain ContentPort#onWorker workers}. For any thread.
 */
final class DiskReads {
    /** With {@link #INLINE_ORIGINS} well below the threads that decode requests. */
    static final int INLINE_STORE = 24;

    static final int INLINE_ORIGINS = 16;

    private final ContentPort port;
    private final Semaphore store = new Semaphore(INLINE_STORE);
    private final Semaphore origins = new Semaphore(INLINE_ORIGINS);

    DiskReads(ContentPort port) {
        this.port = port;
    }

    /** Runs the task on this thread if few enough do so; false when it was not run. */
    boolean tryHere(ContentPort.Disk disk, Runnable task) {
        Semaphore places = disk == ContentPort.Disk.STORE ? store : origins;
        if (!places.tryAcquire()) {
            return false;
        }
        try {
            task.run();
        } finally {
            places.release();
        }
        return true;
    }

    /** Runs the task on a worker; fails with {@code UNAVAILABLE} when too many wait. */
    void onWorker(ContentPort.Disk disk, Runnable task) {
        port.onWorker(disk, task);
    }
}
