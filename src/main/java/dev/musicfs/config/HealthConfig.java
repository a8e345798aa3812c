package dev.musicfs.config;

import java.time.Duration;

/**
 * How it is found out which origins can be used.
 *
 * @param interval between two probes of an origin
 * @param timeout how long a probe may take
 * @param localThreshold failures in a row after which an origin of this machine counts as down
 * @param remoteThreshold the same of one that is reached over a network
 */
public record HealthConfig(Duration interval, Duration timeout, int localThreshold, int remoteThreshold) {
    /** The threshold of an origin of this type. */
    public int threshold(OriginType type) {
        return type.remote() ? remoteThreshold : localThreshold;
    }
}
