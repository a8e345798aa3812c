package dev.musicfs.chunk.disk;

import java.util.concurrent.atomic.AtomicLong;

/** A place for one caller inside the disk. Closed once by the caller that was admitted. */
final class DiskSlot implements AutoCloseable {
    /** Learns how each call went. */
    @FunctionalInterface
    interface Outcomes {
        void failed(DiskFailure failure);

        default void succeeded() {}
    }

    private static final long FREE = Long.MIN_VALUE;

    private final Outcomes outcomes;
    private final AtomicLong since = new AtomicLong(FREE);
    // When the call began that is known to be hung.
    private final AtomicLong noticed = new AtomicLong(FREE);

    DiskSlot(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    boolean tryTake(long nowNanos) {
        return since.get() == FREE && since.compareAndSet(FREE, nowNanos);
    }

    boolean isOlderThan(long boundNanos, long nowNanos) {
        long start = since.get();
        return start != FREE && nowNanos - start > boundNanos;
    }

    /** Whether it is older than this and nobody has noticed before. */
    boolean noticeIfHung(long boundNanos, long nowNanos) {
        long start = since.get();
        return start != FREE && nowNanos - start > boundNanos && noticed.getAndSet(start) != start;
    }

    void writeOff(long thenNanos) {
        long start = since.get();
        if (start != FREE && thenNanos - start >= 0) {
            noticed.set(start);
        }
    }

    /** The disk did what it was asked. */
    void succeeded() {
        outcomes.succeeded();
    }

    /** The disk failed to do it. */
    void failed(DiskFailure failure) {
        outcomes.failed(failure);
    }

    @Override
    public void close() {
        since.set(FREE);
    }
}
