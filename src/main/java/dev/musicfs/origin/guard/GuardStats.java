package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import java.time.Duration;
import java.util.Map;

/**
 * What happened to the requests to an origin since it was started.
 *
 * @param requests all of them, refused ones too
 * @param failures of those the origin was asked for, by kind
 * @param refused that never reached the origin, since it was known to be away or too many waited
 * @param late that were answered after their asker had given up
 * @param bytes that reads brought
 * @param underWay that the origin has not answered yet, those nobody waits for any more included
 * @param waiting for their turn
 * @param latency as in {@link OriginSnapshot}
 * @param breaker as in {@link OriginSnapshot}
 */
public record GuardStats(
        long requests,
        Map<FailureKind, Long> failures,
        long refused,
        long late,
        long bytes,
        int underWay,
        int waiting,
        Duration latency,
        BreakerState breaker) {
    /** Keeps its own copy. */
    public GuardStats {
        failures = Map.copyOf(failures);
    }
}
