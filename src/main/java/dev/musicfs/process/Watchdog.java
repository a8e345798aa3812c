package dev.musicfs.process;

import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the service manager's watchdog at half its interval, each time only after a self-probe was answered: a daemon
 * that hangs is killed and started anew. One probe at a time, so that one that hangs costs one thread. After a probe
 * that was not answered well the next follows sooner, since a single ping fewer is all there is until the kill.
 */
public final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** How long an answer may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Duration period;
    private final Duration patience;
    private final Duration retry;
    private final SelfProbe probe;
    private final Runnable ping;
    private final Timers timers;
    private boolean asking;
    private boolean ill;
    private boolean stopped;
    private Runnable callOff = () -> {};

    private static final class Question {
        private boolean late;
        private boolean answered;
        private Runnable callOff = () -> {};
    }

    /**
     * Does nothing before its start.
     *
     * @param interval without a ping for so long the daemon is killed
     * @param patience how long an answer may take; at most a quarter of the interval, which leaves time for another try
     * @param ping feeds the watchdog; must not block
     */
    Watchdog(Duration interval, Duration patience, SelfProbe probe, Runnable ping, Timers timers) {
        this.period = interval.dividedBy(2);
        Duration longest = interval.dividedBy(4);
        this.patience = patience.compareTo(longest) < 0 ? patience : longest;
        this.retry = interval.dividedBy(16);
        this.probe = probe;
        this.ping = ping;
        this.timers = timers;
    }

    /**
     * Starts one when the service manager watches this process.
     *
     * @param probe makes the probe; asked only when there is a watchdog to feed
     * @param ping feeds the watchdog; must not block
     * @return what stops it
     */
    public static Runnable startIfWatched(
            Map<String, String> environment, Supplier<? extends SelfProbe> probe, Runnable ping, Timers timers) {
        Optional<Watchdog> watchdog = interval(
                        environment, ProcessHandle.current().pid())
                .map(interval -> new Watchdog(interval, PATIENCE, probe.get(), ping, timers));
        watchdog.ifPresent(Watchdog::start);
        return () -> watchdog.ifPresent(Watchdog::stop);
    }

    /** The interval the service manager set for the process {@code pid}; empty when it watches no such process. */
    static Optional<Duration> interval(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String watched = environment.getOrDefault("WATCHDOG_PID", "");
        if (!micros.matches("[0-9]{1,15}") || !(watched.isEmpty() || watched.equals(Long.toString(pid)))) {
            return Optional.empty();
        }
        Duration interval = Duration.ofNanos(Long.parseLong(micros) * 1_000);
        return interval.isZero() ? Optional.empty() : Optional.of(interval);
    }

    /** Probes for the first time and goes on until the stop. */
    synchronized void start() {
        turn();
    }

    /** No ping comes after it. */
    synchronized void stop() {
        stopped = true;
        callOff.run();
    }

    private synchronized void turn() {
        if (stopped) {
            return;
        }
        if (asking) {
            next(retry);
            return;
        }
        asking = true;
        Question question = new Question();
        question.callOff = timers.after(patience, () -> giveUp(question));
        var unused = ask().andThen((done, e) -> answer(question, e));
    }

    private Future<Void> ask() {
        try {
            return probe.probe();
        } catch (RuntimeException e) { // a probe with a defect must not end the watching unseen
            return Future.failedFuture(e);
        }
    }

    private synchronized void giveUp(Question question) {
        if (stopped || question.answered) {
            return;
        }
        question.late = true;
        withhold("no answer came within " + patience.toMillis() + " ms", null);
        next(retry);
    }

    // An answer that comes late only makes room for another question.
    private synchronized void answer(Question question, @Nullable Throwable failure) {
        asking = false;
        question.answered = true;
        question.callOff.run();
        if (stopped || question.late) {
            return;
        }
        if (failure != null) {
            withhold(String.valueOf(failure.getMessage()), failure);
            next(retry);
            return;
        }
        if (ill) {
            ill = false;
            LOG.info("The daemon answers its own probe again; the watchdog is fed.");
        }
        ping.run();
        next(period);
    }

    private void withhold(String reason, @Nullable Throwable failure) {
        if (!ill) {
            ill = true;
            LOG.error("The daemon fails its own probe, and the watchdog is not fed: {}", reason, failure);
        }
    }

    private void next(Duration delay) {
        callOff = timers.after(delay, this::turn);
    }
}
