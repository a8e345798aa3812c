package dev.musicfs.control;

import dev.musicfs.control.api.DaemonControl;
import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.DaemonStatus.OriginState;
import dev.musicfs.control.api.DaemonStatus.TaskStatus;
import dev.musicfs.control.api.Ending;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ProgramVersion;
import dev.musicfs.runtime.TaskState;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.runtime.Timers;
import dev.musicfs.runtime.UncaughtFailures;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The daemon as a whole, behind its API. */
public final class DaemonService implements DaemonControl {
    // The answer is on its way by then.
    private static final Duration ANSWERED = Duration.ofMillis(100);
    /** How long the first answers of the origins are waited for; less than whoever asks waits for ours. */
    private static final Duration FIRST_ANSWERS = Duration.ofSeconds(3);

    private static final String UP = "up";

    private final Path mountPoint;
    private final OriginMonitor origins;
    private final Supplier<String> cacheState;
    private final Supplier<String> cacheIllness;
    private final Supplier<Optional<String>> catalogIllness;
    private final TaskSupervisor tasks;
    private final UncaughtFailures failures;
    private final Consumer<Ending> stop;
    private final Timers timers;
    private final Clock clock;
    private final long startNanos;
    private final AtomicBoolean asked = new AtomicBoolean();

    /**
     * Nothing is touched.
     *
     * @param mountPoint as the mount table names it
     * @param cacheState what the store is fit for, in a word
     * @param cacheIllness what keeps the store from being used to the full; empty when nothing does
     * @param catalogIllness what is wrong with the catalog
     * @param stop begins to end the daemon, and does not wait for it
     */
    public DaemonService(
            Path mountPoint,
            OriginMonitor origins,
            Supplier<String> cacheState,
            Supplier<String> cacheIllness,
            Supplier<Optional<String>> catalogIllness,
            TaskSupervisor tasks,
            UncaughtFailures failures,
            Consumer<Ending> stop,
            Timers timers,
            Clock clock) {
        this.mountPoint = mountPoint;
        this.origins = origins;
        this.cacheState = cacheState;
        this.cacheIllness = cacheIllness;
        this.catalogIllness = catalogIllness;
        this.tasks = tasks;
        this.failures = failures;
        this.stop = stop;
        this.timers = timers;
        this.clock = clock;
        this.startNanos = clock.monotonicNanos();
    }

    @Override
    public Future<DaemonStatus> status() {
        return firstAnswers()
                .compose(over -> origins.origins())
                .map(each -> new DaemonStatus(
                        ProcessHandle.current().pid(),
                        mountPoint.toString(),
                        ProgramVersion.text(),
                        state(),
                        Duration.ofNanos(clock.monotonicNanos() - startNanos).toSeconds(),
                        tasks.tasks().stream().map(DaemonService::status).toList(),
                        each.stream().map(DaemonService::inShort).toList(),
                        cacheState.get(),
                        catalogIllness.get().orElse("healthy"),
                        failures.count()));
    }

    private static OriginState inShort(OriginStatus origin) {
        return new OriginState(
                origin.id(),
                origin.state(),
                origin.state().equals(UP) ? Optional.empty() : origin.lastError(),
                origin.library());
    }

    // Who asks right after the start is told how the origins are, and not how they may turn out to be.
    private Future<Void> firstAnswers() {
        Future<Void> known = origins.settled();
        if (known.isComplete()) {
            return known;
        }
        Promise<Void> over = Promise.promise();
        Runnable cancel = timers.after(FIRST_ANSWERS, over::tryComplete);
        return Future.any(known, over.future()).onComplete(any -> cancel.run()).mapEmpty();
    }

    private String state() {
        if (asked.get()) {
            return "stopping";
        }
        String state = origins.state();
        if (state.equals(DaemonStatus.READY) && !origins.settled().isComplete()) {
            return "starting";
        }
        // What is looked at now may be known before those who follow it have been told.
        boolean well = tasks.criticalAlive()
                && cacheIllness.get().isEmpty()
                && catalogIllness.get().isEmpty();
        return state.equals(DaemonStatus.READY) && !well ? "degraded" : state;
    }

    private static TaskStatus status(TaskState task) {
        return new TaskStatus(
                task.name(),
                task.state().name().toLowerCase(Locale.ROOT),
                task.restarts(),
                task.lastError(),
                task.importance() == Importance.CRITICAL);
    }

    @Override
    public Future<Void> shutdown(Ending ending) {
        if (asked.compareAndSet(false, true)) {
            var unused = timers.after(ANSWERED, () -> stop.accept(ending));
        }
        return Future.succeededFuture();
    }
}
