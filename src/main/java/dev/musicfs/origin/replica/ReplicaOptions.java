package dev.musicfs.origin.replica;

import java.time.Duration;
import java.util.List;

/**
 * How {@link Replicas} go on when a copy fails.
 *
 * @param pauses before each further round over the copies that may recover; as many further rounds as there are pauses
 * @param hedgeAfter how long the first copy is waited for at least before a second is asked beside it
 * @param hedgeLatencies the same as a multiple of the latency of the first copy's origin; the longer of both counts
 * @param maxAttempts how many times origins are asked for one read, whatever happens
 * @param recheckAfter when a copy that was not as expected is given another chance; one with wrong bytes never is, as
 *     long as it stays the same version
 * @param remembered how many suspect copies, and how many files served from a backup, are remembered at most
 */
public record ReplicaOptions(
        List<Duration> pauses,
        Duration hedgeAfter,
        int hedgeLatencies,
        int maxAttempts,
        Duration recheckAfter,
        int remembered) {
    /** Keeps its own copy. */
    public ReplicaOptions {
        pauses = List.copyOf(pauses);
    }

    /** Retries after 100 ms, 500 ms and 2 s; a second copy is asked after 1 s or four times the usual latency. */
    public static ReplicaOptions defaults() {
        return new ReplicaOptions(
                List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2)),
                Duration.ofSeconds(1),
                4,
                16,
                Duration.ofMinutes(5),
                4096);
    }
}
