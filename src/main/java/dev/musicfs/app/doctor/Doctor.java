package dev.musicfs.app.doctor;

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
            Thread thread = new Thread(look, "musicfs-doctor-" + check.name());
            thread.setDaemon(true);
            thread.start();
            looks.add(look);
        }
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            findings.addAll(awaitBlocking(checks.get(i).name(), looks.get(i)));
        }
        return findings;
    }

    private List<Finding> awaitBlocking(String name, FutureTask<List<Finding>> look) {
        try {
            return look.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return List.of(Finding.broken(
                    name,
                    "There was no answer within " + patience.toSeconds() + " s.",
                    "Look whether a disk or share that it touches hangs."));
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
