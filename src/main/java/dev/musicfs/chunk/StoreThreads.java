package dev.musicfs.chunk;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Two daemon threads: one for the keeper, one for the disk's watch, whose trial may hang as the disk does. */
final class StoreThreads {
    private static final long TICK_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 10_000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> threads;

    private StoreThreads(StoreKeeper keeper, DiskWatch watch) {
        threads = List.of(
                new Thread(() -> keep(keeper), "musicfs-store"), new Thread(() -> watch(watch), "musicfs-store-disk"));
        threads.forEach(thread -> thread.setDaemon(true));
    }

    static StoreThreads start(StoreKeeper keeper, DiskWatch watch) {
        StoreThreads started = new StoreThreads(keeper, watch);
        started.threads.forEach(Thread::start);
        return started;
    }

    private void keep(StoreKeeper keeper) {
        while (ended.getCount() > 0) {
            keeper.tickBlocking();
            keeper.awaitWork(TICK_MILLIS);
        }
    }

    private void watch(DiskWatch watch) {
        try {
            do {
                watch.tickBlocking();
            } while (!ended.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends both, the keeper after the tick it is at; one that hangs in the disk is left behind. */
    void end() {
        ended.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
