package dev.musicfs.testkit;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Any store with faults that can be switched while it is used. Safe for many threads. */
public final class FaultyChunkStore implements ChunkStore {
    private static final long PATIENCE_SECONDS = 30;

    private final ChunkStore behind;
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger puts = new AtomicInteger();
    private final Semaphore hanging = new Semaphore(0);
    private volatile Set<Fault> faults = Set.of();
    private volatile CountDownLatch released = new CountDownLatch(1);
    private volatile Optional<StoreState> claimed = Optional.empty();

    /** What goes wrong. */
    public enum Fault {
        /** Every put fails with {@code NO_SPACE}. */
        NO_SPACE_ON_PUT,
        /** Every read fails with {@code UNAVAILABLE}, as on EIO. */
        IO_ERROR_ON_READ,
        /** Every read finds its chunk damaged: it is removed, and the read fails with {@code CORRUPT}. */
        CORRUPT_ON_READ,
        /** No chunk is there. */
        MISSING,
        /** Puts, removals and pins fail with {@code READ_ONLY}. */
        READ_ONLY,
        /** Reads wait for {@link #heal}, then go on. */
        HANG_ON_READ,
        /** Puts wait for {@link #heal}, then go on. */
        HANG_ON_PUT
    }

    /** Healthy at first. */
    public FaultyChunkStore(ChunkStore behind) {
        this.behind = behind;
    }

    /** From now on these go wrong and nothing else; calls that hang go on hanging. */
    public void inject(Fault first, Fault... others) {
        faults = EnumSet.of(first, others);
    }

    /** From now on nothing goes wrong, and calls that hang go on. */
    public synchronized void heal() {
        faults = Set.of();
        CountDownLatch waiting = released;
        released = new CountDownLatch(1);
        waiting.countDown();
    }

    /** Has {@link #state} say so, empty for what the store behind says. */
    public void claim(Optional<StoreState> state) {
        claimed = state;
    }

    /** Reads so far, whatever became of them. */
    public int reads() {
        return reads.get();
    }

    /** Puts so far, whatever became of them. */
    public int puts() {
        return puts.get();
    }

    /** Waits until so many more calls have begun to hang. */
    public void awaitHanging(int calls) throws InterruptedException {
        if (!hanging.tryAcquire(calls, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(calls + " calls did not hang within " + PATIENCE_SECONDS + " s");
        }
    }

    @Override
    public void readBlocking(ChunkId chunk, int offset, ByteBuffer dst) {
        reads.incrementAndGet();
        hangOn(Fault.HANG_ON_READ);
        failOn(Fault.IO_ERROR_ON_READ, FailureKind.UNAVAILABLE);
        failOn(Fault.MISSING, FailureKind.NOT_FOUND);
        if (faults.contains(Fault.CORRUPT_ON_READ) && behind.containsBlocking(chunk)) {
            behind.removeBlocking(List.of(chunk));
            failOn(Fault.CORRUPT_ON_READ, FailureKind.CORRUPT);
        }
        behind.readBlocking(chunk, offset, dst);
    }

    @Override
    public ChunkId putBlocking(ByteBuffer bytes, EvictionClass evictionClass) {
        puts.incrementAndGet();
        hangOn(Fault.HANG_ON_PUT);
        failOn(Fault.NO_SPACE_ON_PUT, FailureKind.NO_SPACE);
        failOn(Fault.READ_ONLY, FailureKind.READ_ONLY);
        return behind.putBlocking(bytes, evictionClass);
    }

    @Override
    public boolean containsBlocking(ChunkId chunk) {
        return !faults.contains(Fault.MISSING) && behind.containsBlocking(chunk);
    }

    @Override
    public void removeBlocking(Collection<ChunkId> chunks) {
        failOn(Fault.READ_ONLY, FailureKind.READ_ONLY);
        behind.removeBlocking(chunks);
    }

    @Override
    public void pinBlocking(Collection<ChunkId> chunks, boolean pinned) {
        failOn(Fault.READ_ONLY, FailureKind.READ_ONLY);
        behind.pinBlocking(chunks, pinned);
    }

    @Override
    public StoreState state() {
        return claimed.orElseGet(behind::state);
    }

    @Override
    public StoreStats stats() {
        return behind.stats();
    }

    private void failOn(Fault fault, FailureKind kind) {
        if (faults.contains(fault)) {
            throw new MusicFsException(kind, "made to fail: " + fault);
        }
    }

    private void hangOn(Fault fault) {
        CountDownLatch latch;
        synchronized (this) {
            if (!faults.contains(fault)) {
                return;
            }
            latch = released;
        }
        hanging.release();
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.UNAVAILABLE, "interrupted while hanging: " + fault, e);
        }
    }
}
