package dev.musicfs.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for something outside the program that tells nobody when it is done. Never on an event loop. */
public final class Polling {
    private Polling() {}

    /**
     * Asks every {@code interval} until the answer is yes or the deadline is over, blocking the caller.
     *
     * @return the last answer; false as well when the thread was interrupted, which stays interrupted
     */
    public static boolean until(BooleanSupplier condition, Duration interval, Deadline deadline) {
        while (!condition.getAsBoolean()) {
            if (deadline.expired()) {
                return false;
            }
            try {
                Thread.sleep(interval.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
