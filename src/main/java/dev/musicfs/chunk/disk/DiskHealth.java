package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Knows what the disk is fit for, and lets only so many callers inside it, so that a disk that hangs cannot take every
 * thread. {@code NORMAL}; {@code UNWRITABLE} after a write that failed for another reason than space, or one that takes
 * too long; {@code UNUSABLE} after several failed reads in a row, or one that takes too long. Only a successful probe
 * makes it better: 1, 2, 5, 15 and then every 30 seconds. Safe for many threads.
 */
public final class DiskHealth {
    /**
     * Bounds.
     *
     * @param readers callers that may be inside at once to read
     * @param writers callers that may be inside at once to write
     * @param readBound how long a read may take before the disk counts as hung
     * @param writeBound the same for a write, which may have to wait for the disk's other work, and for a probe
     * @param failedReads failures in a row after which reading is given up
     */
    public record Bounds(int readers, int writers, Duration readBound, Duration writeBound, int failedReads) {
        public static final Bounds DEFAULTS = new Bounds(64, 16, Duration.ofSeconds(2), Duration.ofSeconds(10), 3);
    }

    /** Called for each change of state, in order, on the thread that noticed it; must not block or call back. */
    @FunctionalInterface
    public interface Listener {
        void changed(StoreState from, StoreState to, String reason);
    }

    /** Finds out what the disk is fit for. */
    @FunctionalInterface
    interface Probe {
        Result runBlocking();
    }

    /** What a probe has shown; the failure is that of the write, and of no meaning when {@code NORMAL}. */
    record Result(StoreState state, FailureKind kind, String reason) {}

    /**
     * What has happened so far.
     *
     * @param refused calls that failed at once, the disk being full of callers or unfit
     * @param hung calls that took too long
     */
    record Counts(long refused, long hung, long failedReads, long failedWrites, long probes, long failedProbes) {}

    private static final long[] PAUSES = Stream.of(1, 2, 5, 15, 30)
            .mapToLong(seconds -> Duration.ofSeconds(seconds).toNanos())
            .toArray();
    // A disk that fails again within this time goes on in the sequence of pauses, so that one that comes and goes is
    // not logged all the time.
    private static final long RELAPSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Clock clock;
    private final Probe probe;
    private final Bounds bounds;
    private final Listener listener;
    private final DiskSlots readers;
    private final DiskSlots writers;
    private final AtomicInteger failedInARow = new AtomicInteger();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong hung = new AtomicLong();
    private final AtomicLong failedReads = new AtomicLong();
    private final AtomicLong failedWrites = new AtomicLong();
    private final AtomicLong probes = new AtomicLong();
    private final AtomicLong failedProbes = new AtomicLong();

    private volatile Result current = new Result(StoreState.NORMAL, FailureKind.UNAVAILABLE, "");
    // Guarded by this.
    private int pause;
    private long probeAtNanos;
    private long fitSinceNanos;

    public DiskHealth(Clock clock, Probe probe, Bounds bounds, Listener listener) {
        this.clock = clock;
        this.probe = probe;
        this.bounds = bounds;
        this.listener = listener;
        readers = new DiskSlots(new ReadOutcomes(), bounds.readers(), bounds.readBound());
        writers = new DiskSlots(this::writeFailed, bounds.writers(), bounds.writeBound());
        fitSinceNanos = clock.monotonicNanos() - RELAPSE_NANOS;
    }

    /** Lets the caller in to read, or fails at once with {@code UNAVAILABLE}. */
    DiskSlot enterToRead() {
        long now = clock.monotonicNanos();
        lookForHungCalls(now);
        Result seen = current;
        if (seen.state() == StoreState.UNUSABLE) {
            throw refuse(FailureKind.UNAVAILABLE, seen.reason());
        }
        return take(readers, now);
    }

    /** Lets the caller in to write, or fails at once: as the write did that has shown the disk to be unfit. */
    DiskSlot enterToWrite() {
        long now = clock.monotonicNanos();
        lookForHungCalls(now);
        Result seen = current;
        if (seen.state() != StoreState.NORMAL) {
            throw refuse(seen.kind(), seen.reason());
        }
        return take(writers, now);
    }

    /** {@code NORMAL}, {@code UNWRITABLE} or {@code UNUSABLE}. */
    public StoreState state() {
        return current.state();
    }

    Counts counts() {
        return new Counts(
                refused.get(), hung.get(), failedReads.get(), failedWrites.get(), probes.get(), failedProbes.get());
    }

    /** The most callers inside at once. */
    int places() {
        return readers.size() + writers.size();
    }

    /**
     * Looks for hung calls, and tries the disk when it is unfit and the time has come. To be called about once a second
     * by one thread of its own, which a probe may hold for as long as the disk hangs.
     */
    public void tickBlocking() {
        if (!ticking.compareAndSet(false, true)) {
            return;
        }
        try {
            lookForHungCalls(clock.monotonicNanos());
            if (probeIsDue()) {
                probe();
            }
        } finally {
            ticking.set(false);
        }
    }

    void readFailed(DiskFailure failure) {
        if (!failure.concernsDisk()) {
            return;
        }
        failedReads.incrementAndGet();
        if (failedInARow.incrementAndGet() >= bounds.failedReads()) {
            worsen(new Result(StoreState.UNUSABLE, FailureKind.UNAVAILABLE, "reading fails: " + failure.reason()));
        }
    }

    void writeFailed(DiskFailure failure) {
        if (failure.concernsDisk()) {
            failedWrites.incrementAndGet();
            worsen(new Result(StoreState.UNWRITABLE, failure.kind(), "writing fails: " + failure.reason()));
        }
    }

    private void lookForHungCalls(long now) {
        int hungReads = readers.noticeHung(now);
        int hungWrites = writers.noticeHung(now);
        if (hungReads + hungWrites == 0) {
            return;
        }
        hung.addAndGet(hungReads + hungWrites);
        worsen(
                hungReads > 0
                        ? new Result(StoreState.UNUSABLE, FailureKind.UNAVAILABLE, tooLong("read", bounds.readBound()))
                        : new Result(
                                StoreState.UNWRITABLE, FailureKind.UNAVAILABLE, tooLong("write", bounds.writeBound())));
    }

    private static String tooLong(String what, Duration bound) {
        return "a " + what + " has not ended within " + bound.toSeconds() + " s";
    }

    private synchronized boolean probeIsDue() {
        return current.state() != StoreState.NORMAL && clock.monotonicNanos() - probeAtNanos >= 0;
    }

    private void probe() {
        probes.incrementAndGet();
        long start = clock.monotonicNanos();
        Result result = probe.runBlocking();
        long now = clock.monotonicNanos();
        synchronized (this) {
            // A slow answer counts as none; and while most readers hang, a small file proves too little.
            boolean counts = now - start <= bounds.writeBound().toNanos() && !readers.mostlyHung(now);
            if (!counts || result.state() != StoreState.NORMAL) {
                failedProbes.incrementAndGet();
                pause = Math.min(pause + 1, PAUSES.length - 1);
                probeAtNanos = now + PAUSES[pause];
            }
            if (counts) {
                fitSinceNanos = now;
                failedInARow.set(0);
                readers.writeOff(start);
                writers.writeOff(start);
                become(result);
            }
        }
    }

    private synchronized void worsen(Result to) {
        StoreState from = current.state();
        if (to.state().compareTo(from) <= 0) {
            return;
        }
        long now = clock.monotonicNanos();
        if (from == StoreState.NORMAL) {
            boolean relapse = now - fitSinceNanos < RELAPSE_NANOS;
            pause = relapse ? Math.min(pause + 1, PAUSES.length - 1) : 0;
            probeAtNanos = now + PAUSES[pause];
        }
        become(to);
    }

    // Under the lock, so that the listener is called in the order of the changes.
    private void become(Result to) {
        StoreState from = current.state();
        current = to;
        if (from != to.state()) {
            listener.changed(from, to.state(), to.reason());
        }
    }

    private DiskSlot take(DiskSlots places, long now) {
        DiskSlot slot = places.tryTake(now);
        if (slot == null) {
            throw refuse(FailureKind.UNAVAILABLE, "too many calls are waiting for it");
        }
        return slot;
    }

    private MusicFsException refuse(FailureKind kind, String reason) {
        refused.incrementAndGet();
        return new MusicFsException(kind, "The cache disk cannot be used at present: " + reason);
    }

    private final class ReadOutcomes implements DiskSlot.Outcomes {
        @Override
        public void failed(DiskFailure failure) {
            readFailed(failure);
        }

        @Override
        public void succeeded() {
            if (failedInARow.get() != 0) {
                failedInARow.set(0);
            }
        }
    }
}
