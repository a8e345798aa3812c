package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * An end in phases, one after another under one drain deadline. No phase gets more than half of what is left, so that one
 * that hangs leaves time for those after it; it is then left behind, and its thread does not keep the process alive.
 * Whatever goes wrong in a phase is logged and stops no other. Used by one thread, which may block.
 */
@Attended(threads = "a phase, waited for and reported")
public final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Level level;
    private final Clock clock;
    private final long beganNanos;
    private final long endNanos;
    private int unfinished;

    /** Begins now; what has ended well is logged. */
    public Shutdown(Duration drain, Clock clock) {
        this(drain, clock, Level.INFO);
    }

    /** Begins now; only what goes wrong is logged. */
    public static Shutdown unlogged(Duration drain, Clock clock) {
        return new Shutdown(drain, clock, Level.DEBUG);
    }

    private Shutdown(Duration drain, Clock clock, Level level) {
        this.level = level;
        this.clock = clock;
        this.beganNanos = clock.monotonicNanos();
        this.endNanos = beganNanos + drain.toNanos();
    }

    /**
     * Runs one phase and logs how long it took.
     *
     * @param what as in "Stopped WHAT in 3 ms."
     * @param action told how long it may take; a thread of its own runs it
     */
    public void phase(String what, Consumer<Duration> action) {
        phase(what, Duration.ZERO, action);
    }

    /** The same for one that gets {@code least} also when nothing is left, as those before it took all there was. */
    public void phase(String what, Duration least, Consumer<Duration> action) {
        Duration half = Duration.ofNanos(Math.max(0, endNanos - clock.monotonicNanos()) / 2);
        Duration patience = half.compareTo(least) < 0 ? least : half;
        long start = clock.monotonicNanos();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        boolean over = runs(
                () -> {
                    try {
                        Failpoints.hit(Failpoint.SHUTDOWN_PHASE);
                        action.accept(patience);
                    } catch (Throwable e) { // a mount that stays behind is worse than any defect
                        failure.set(e);
                    }
                },
                patience);
        long millis = millisSince(start);
        Throwable wrong = failure.get();
        if (!over) {
            unfinished++;
            LOG.warn("Stopping {} did not end within {} ms; the rest is stopped all the same.", what, millis);
        } else if (wrong instanceof MusicFsException told && told.kind() != FailureKind.INTERNAL) {
            unfinished++;
            LOG.warn("Stopping {} went wrong: {}. The rest is stopped all the same.", what, told.getMessage());
        } else if (wrong != null) {
            unfinished++;
            LOG.warn("Stopping {} went wrong; the rest is stopped all the same.", what, wrong);
        } else {
            LOG.atLevel(level).log("Stopped {} in {} ms.", what, millis);
        }
    }

    /** Logs how long all of it took. */
    public void over() {
        LOG.atLevel(level).log("Stopped in {} ms, {} phases unfinished.", millisSince(beganNanos), unfinished);
    }

    private long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - nanos);
    }

    /** Whether it came to its end in time. */
    private static boolean runs(Runnable phase, Duration patience) {
        Thread thread;
        try {
            thread = Threads.begin("musicfs-stop", phase);
        } catch (MusicFsException e) { // it may hang without one, and surely nothing is stopped if it is not run
            LOG.warn("{}", e.getMessage());
            phase.run();
            return true;
        }
        try {
            thread.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
