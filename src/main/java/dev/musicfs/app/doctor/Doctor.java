package dev.musicfs.app.doctor;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes all checks at once, each for so long at most: a dead share hangs whoever looks at it. */
public final class Doctor {
    private final Duration patience;

    /** @param patience how long a check may take */
    public Doctor(Duration patience) {
        this.patience = patience;
    }

    /** What they found, in their order; one that fails or does not end is a finding itself. Blocks. */
    public List<Finding> examineBlocking(List<Check> checks) {
        List<FutureTask<List<Finding>>> looks = new ArrayList<>();
        for (Check check : checks) {
            FutureTask<List<Finding>> look = new FutureTask<>(check.look());
            // One that hangs must not keep the process.
            Threads.begin("musicfs-doctor-" + check.name(), look);
            looks.add(look);
        }
        // One limit for all: those that hang hang at the same time.
        Deadline end = Deadline.in(patience);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            findings.addAll(awaitBlocking(checks.get(i).name(), looks.get(i), end));
        }
        return findings;
    }

    private List<Finding> awaitBlocking(String name, FutureTask<List<Finding>> look, Deadline end) {
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
