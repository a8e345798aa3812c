package dev.musicfs.config.reload;

import dev.musicfs.config.ConfigDiff;
import dev.musicfs.config.ConfigDiff.Change;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.Problem;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again, one time after another, on a thread of its own. Who asks while one is read gets the
 * outcome of the next, which all share that ask until it begins; before there is anything to change, it waits. For any
 * thread; asking never blocks.
 */
public final class Reloads {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    private final Supplier<LoadedConfig> source;
    private final Starter starter;
    private @Nullable Target target;
    private @Nullable Promise<ReloadOutcome> waiting;
    private @Nullable Thread thread;
    private boolean closed;

    /** What a configuration is applied to. Called on one thread at a time. */
    public interface Target {
        /** What it runs with. */
        MusicFsConfig current();

        /** What is wrong with a configuration beyond what its text says, one sentence each; changes nothing. */
        List<String> problemsBlocking(MusicFsConfig next);

        /** Takes what can be taken; what it throws may have left a part undone, which the next attempt does again. */
        void applyBlocking(MusicFsConfig next);

        /** Logs from this level on. */
        void level(String level);

        /** A reload begins. */
        void began();

        /** It is over, whatever came of it. */
        void ended();
    }

    /** Begins threads. */
    @FunctionalInterface
    public interface Starter {
        /** Begins one; fails with {@code UNAVAILABLE} when the system gives none. */
        Thread begin(String name, Runnable body);
    }

    /**
     * Nothing is read yet.
     *
     * @param source reads the configuration exactly as at the start; asked on the thread of a reload
     * @param starter begins that thread
     */
    public Reloads(Supplier<LoadedConfig> source, Starter starter) {
        this.source = source;
        this.starter = starter;
    }

    /** There is something to change from now on; what was asked before begins. */
    public synchronized void serves(Target changed) {
        target = changed;
        beginUnlessUnderWay();
    }

    /**
     * Reads the configuration again and takes what can be taken. Fails with {@code INVALID}, one line for each problem, when
     * something is wrong with it, and then nothing has changed; {@code UNAVAILABLE} when the daemon ends.
     */
    public synchronized Future<ReloadOutcome> reload() {
        if (closed) {
            return Future.failedFuture(ending());
        }
        Promise<ReloadOutcome> next = waiting;
        if (next == null) {
            next = Promise.promise();
            waiting = next;
            beginUnlessUnderWay();
        }
        return next.future();
    }

    /** Refuses further ones, and waits for the one under way for at most so long. */
    public void closeBlocking(Duration patience) {
        Thread running;
        Promise<ReloadOutcome> refused;
        synchronized (this) {
            closed = true;
            running = thread;
            refused = waiting;
            waiting = null;
        }
        if (refused != null) {
            refused.fail(ending());
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(Math.max(1, patience.toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void beginUnlessUnderWay() {
        if (thread == null && target != null && waiting != null) {
            try {
                // It cannot come to its end before this is noted: that needs the lock.
                thread = starter.begin("musicfs-reload", this::runAll);
            } catch (MusicFsException e) {
                Promise<ReloadOutcome> refused = waiting;
                waiting = null;
                refused.fail(e);
            }
        }
    }

    private void runAll() {
        while (true) {
            Target changed;
            Promise<ReloadOutcome> asked;
            synchronized (this) {
                changed = target;
                asked = waiting;
                waiting = null;
                if (changed == null || asked == null) {
                    thread = null;
                    return;
                }
            }
            run(changed, asked);
        }
    }

    private void run(Target changed, Promise<ReloadOutcome> asked) {
        Future<ReloadOutcome> outcome;
        changed.began();
        try {
            outcome = Future.succeededFuture(runBlocking(changed));
        } catch (Throwable e) { // the caller must learn of it, and the next reload must run
            outcome = Future.failedFuture(told(e));
        } finally {
            changed.ended();
        }
        outcome.onComplete(asked);
    }

    private static MusicFsException told(Throwable e) {
        MusicFsException failure = MusicFsException.wrap("the configuration could not be reloaded", e);
        if (failure.kind() == FailureKind.INTERNAL) {
            LOG.error("The configuration could not be reloaded; what was done of it stays.", e);
        } else {
            List<String> problems = String.valueOf(failure.getMessage()).lines().toList();
            LOG.error("The configuration is left as it was: {}", String.join("; ", problems));
        }
        return failure;
    }

    private ReloadOutcome runBlocking(Target changed) {
        LoadedConfig loaded = source.get();
        MusicFsConfig next = loaded.config();
        List<String> problems = new ArrayList<>(
                loaded.problems().stream().map(Problem::toString).toList());
        boolean whole = problems.isEmpty();
        problems.addAll(changed.problemsBlocking(next));
        // Or the one that was left out for what is wrong with it.
        if (whole && next.enabledOrigins().isEmpty()) {
            problems.add("no origin is configured and enabled; name one, or stop MusicFS instead");
        }
        if (!problems.isEmpty()) {
            throw new MusicFsException(FailureKind.INVALID, String.join("\n", problems));
        }
        ConfigDiff diff = ConfigDiff.of(changed.current(), next);
        String level = next.logging().level();
        changed.applyBlocking(next);
        // Whichever level lets more be heard of it.
        if (LogLevel.saysMore(level)) {
            changed.level(level);
        }
        tell(diff);
        changed.level(level);
        return new ReloadOutcome(texts(diff.changes(true)), texts(diff.changes(false)));
    }

    private static void tell(ConfigDiff diff) {
        if (diff.changes().isEmpty()) {
            LOG.info("The configuration was reloaded; nothing in it has changed.");
        }
        for (Change change : diff.changes()) {
            if (change.hot()) {
                LOG.info("Configuration: {}, applied.", change);
            } else {
                LOG.warn("Configuration: {}, needs a restart.", change);
            }
        }
    }

    private static List<String> texts(List<Change> changes) {
        return changes.stream().map(Change::toString).toList();
    }

    private static MusicFsException ending() {
        return new MusicFsException(FailureKind.UNAVAILABLE, "MusicFS is being stopped, and reloads nothing any more");
    }
}
