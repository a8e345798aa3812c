package dev.musicfs.origin.guard;

import dev.musicfs.config.HealthConfig;
import java.time.Duration;

/**
 * How origins are watched.
 *
 * @param interval between the probes of an origin
 * @param offlineInterval the same while none can be reached
 * @param suspicionInterval the same after a failure that is not yet enough, and while names cannot be resolved
 * @param timeout of a probe
 * @param summaryInterval between the lines that sum up what is ill
 */
public record HealthOptions(
        Duration interval,
        Duration offlineInterval,
        Duration suspicionInterval,
        Duration timeout,
        Duration summaryInterval) {
    /** Probes every 30 s, every 60 s while offline, after 5 s when in doubt; each may take 5 s. */
    public static HealthOptions defaults() {
        return new HealthOptions(
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5));
    }

    /** As it is configured; twice as long while offline. */
    public static HealthOptions of(HealthConfig config) {
        HealthOptions defaults = defaults();
        Duration suspicion = config.interval().compareTo(defaults.suspicionInterval) < 0
                ? config.interval()
                : defaults.suspicionInterval;
        return new HealthOptions(
                config.interval(),
                config.interval().multipliedBy(2),
                suspicion,
                config.timeout(),
                defaults.summaryInterval);
    }
}
