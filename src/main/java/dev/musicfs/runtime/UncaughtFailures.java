package dev.musicfs.runtime;

import io.vertx.core.Vertx;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of every failure that nobody caught: it is counted, and logged with its thread and stack trace, and the
 * program goes on. A failure from the same place is logged {@value #LOGGED_PER_PLACE} times, since a timer may fail for
 * weeks. Nothing here throws. For any thread.
 */
public final class UncaughtFailures implements AutoCloseable {
    static final int LOGGED_PER_PLACE = 10;
    static final int REMEMBERED_PLACES = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(UncaughtFailures.class);

    // Unlike a LongAdder it allocates nothing, and what it counts may be that memory is out.
    private final AtomicLong count = new AtomicLong();
    private final Map<String, AtomicInteger> places = new ConcurrentHashMap<>();
    private final UncaughtExceptionHandler handler = this::report;
    private final @Nullable UncaughtExceptionHandler previous;

    private UncaughtFailures(@Nullable UncaughtExceptionHandler previous) {
        this.previous = previous;
    }

    /** Becomes the handler of all threads that have none of their own, until it is closed. */
    public static UncaughtFailures install() {
        UncaughtFailures failures = new UncaughtFailures(Thread.getDefaultUncaughtExceptionHandler());
        Thread.setDefaultUncaughtExceptionHandler(failures.handler);
        return failures;
    }

    /** Becomes the handler of everything that runs on this Vert.x: event loops, workers, timers, consumers. */
    public void watch(Vertx vertx) {
        vertx.exceptionHandler(this::report);
    }

    /** One more, of the calling thread. */
    public void report(Throwable failure) {
        report(Thread.currentThread(), failure);
    }

    /** How many there were since the start. */
    public long count() {
        return count.get();
    }

    /** How many different places are remembered, at most {@value #REMEMBERED_PLACES}. */
    int rememberedPlaces() {
        return places.size();
    }

    /** Lets the handler that was there before do it again. */
    @Override
    public void close() {
        if (Thread.getDefaultUncaughtExceptionHandler() == handler) {
            Thread.setDefaultUncaughtExceptionHandler(previous);
        }
    }

    private void report(Thread thread, Throwable failure) {
        count.incrementAndGet();
        try {
            int times = timesAt(place(failure));
            if (times <= LOGGED_PER_PLACE) {
                LOG.error(
                        "Nobody caught a failure in thread {}; this is a defect in MusicFS, which goes on.{}",
                        thread.getName(),
                        times == LOGGED_PER_PLACE ? " Further ones from this place are only counted." : "",
                        failure);
            }
        } catch (Throwable e) { // out of memory, most likely; thrown on, it would end the thread it is to protect
            reportBriefly(thread, failure);
        }
    }

    // The failure itself may be what cannot be logged, such as when its getMessage() throws.
    private static void reportBriefly(Thread thread, Throwable failure) {
        try {
            LOG.error("Nobody caught a {} in thread {}.", failure.getClass().getName(), thread.getName());
        } catch (Throwable e) { // it is counted, and there is nobody left to tell
            return;
        }
    }

    private static String place(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return failure.getClass().getName() + (stack.length == 0 ? "" : " " + stack[0]);
    }

    /** The how-manieth this is; one too many for a place there is no room to remember. */
    private int timesAt(String place) {
        AtomicInteger times = places.get(place);
        if (times == null) {
            if (places.size() >= REMEMBERED_PLACES) {
                return LOGGED_PER_PLACE + 1;
            }
            times = places.computeIfAbsent(place, p -> new AtomicInteger());
        }
        return times.updateAndGet(n -> n > LOGGED_PER_PLACE ? n : n + 1);
    }
}
