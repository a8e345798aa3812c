package dev.musicfs.origin.guard;

import dev.musicfs.model.OriginId;
import java.time.Duration;

/**
 * How an origin is doing at one moment, as far as is known without asking it.
 *
 * @param origin which
 * @param started whether its backend could be started
 * @param healthy what its last probes say; true until there were any
 * @param breaker its circuit breaker
 * @param downSinceNanos on the monotonic clock; only meaningful while it is not {@link #usable}
 * @param latency of small requests, an exponentially weighted mean; zero until there was one
 * @param why what it failed with last, in words; empty when all is well
 */
public record OriginSnapshot(
        OriginId origin,
        boolean started,
        boolean healthy,
        BreakerState breaker,
        long downSinceNanos,
        Duration latency,
        String why) {
    /** Whether a request has a chance; the only chance there is while the breaker is half-open is being the trial. */
    public boolean usable() {
        return started && breaker != BreakerState.OPEN;
    }
}
