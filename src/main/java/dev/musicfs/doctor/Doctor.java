package dev.musicfs.doctor;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Makes all checks at once, each within a bound: a thread that looks at a dead share hangs. */
@Attended(threads = "each check is waited for within a bound")
public final class Doctor {
    /** Begins a thread that does not keep the process, as {@link Threads#begin} does. */
    @FunctionalInterface
    interface Beginner {
        /** Returns at once; fails with {@code UNAVAILABLE} when the system gives no thread, and nothing was begun then. */
        void begin(String name, Runnable work);
    }

    private final Duration patience;
    private final Beginner threads;

    /** @param patience how long a check may take */
    public Doctor(Duration patience) {
        this(patience, Threads::begin);
    }

    Doctor(Duration patience, Beginner threads) {
        this.patience = patience;
        this.threads = threads;
    }

    /**
     * What {@code question} answers, or its failure; empty when there is no answer within the patience, while it goes on in
     * a thread of its own. When the system gives no thread it is asked in the caller's, for as long as it takes: what is
     * short then is worth more to tell than what may hang. Blocks.
     */
    @Waits("the command's own thread, within its patience: what is asked may hang")
    public <T> Optional<T> askBlocking(String name, Supplier<T> question) {
        FutureTask<T> asked = new FutureTask<>(question::get);
        try {
            begin(name, asked);
        } catch (MusicFsException noThread) {
            return Optional.of(question.get());
        }
        try {
            return Optional.of(asked.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.INTERNAL, "the look at the " + name + " was interrupted", e);
        }
    }

    /**
     * What they found, in their order; one that fails, does not end or gets no thread of the system is a finding itself,
     * and the others are made all the same. Blocks for the patience at most.
     */
    public List<Finding> examineBlocking(List<Check> checks) {
        List<Future<List<Finding>>> looks = new ArrayList<>();
        for (Check check : checks) {
            looks.add(begun(check));
        }
        // One limit for all: those that hang hang at the same time.
        Deadline end = Deadline.in(patience);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            findings.addAll(awaitBlocking(checks.get(i).name(), looks.get(i), end));
        }
        return findings;
    }

    private Future<List<Finding>> begun(Check check) {
        FutureTask<List<Finding>> look = new FutureTask<>(check.look());
        try {
            begin(check.name(), look);
            return look;
        } catch (MusicFsException e) {
            return CompletableFuture.completedFuture(List.of(Finding.broken(
                    check.name(),
                    "It was not looked at: " + e.getMessage(),
                    "End other programs of this user or raise the limit, and ask again.")));
        }
    }

    // One that hangs must not keep the process.
    private void begin(String name, Runnable work) {
        threads.begin("musicfs-doctor-" + name, work);
    }

    @Waits("the command's own thread, within its patience: what is asked may hang")
    private List<Finding> awaitBlocking(String name, Future<List<Finding>> look, Deadline end) {
        try {
            return look.get(end.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return List.of(Finding.broken(
                    name,
                    "There was no answer within " + patience.toSeconds() + " s.",
                    "Look whether a disk, a share or a daemon that it asks hangs."));
        } catch (ExecutionException e) {
            return List.of(Finding.broken(name, "It cannot be looked at: " + reasonOf(e), "Mend what is named there."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(Finding.broken(name, "It was interrupted.", "Ask again."));
        }
    }

    private static String reasonOf(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((cause == null ? failure : cause).getMessage());
    }
}
