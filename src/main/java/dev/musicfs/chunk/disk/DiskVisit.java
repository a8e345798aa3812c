package dev.musicfs.chunk.disk;

import java.util.concurrent.atomic.AtomicLong;

/** A place for one caller inside the disk. Closed once by the caller that was admitted. */
final class DiskVisit implements AutoCloseable {
    private static final long FREE = Long.MIN_VALUE;

    private final DiskWatch watch;
    private final boolean writing;
    private final AtomicLong since = new AtomicLong(FREE);
    // When the visit began that is known to be hung.
    private final AtomicLong noticed = new AtomicLong(FREE);

    DiskVisit(DiskWatch watch, boolean writing) {
        this.watch = watch;
        this.writing = writing;
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
        if (!writing) {
            watch.readSucceeded();
        }
    }

    /** The disk failed to do it. */
    void failed(DiskFailure failure) {
        if (writing) {
            watch.writeFailed(failure);
        } else {
            watch.readFailed(failure);
        }
    }

    @Override
    public void close() {
        since.set(FREE);
    }
}
