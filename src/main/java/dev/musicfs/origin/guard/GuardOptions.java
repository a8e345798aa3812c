package dev.musicfs.origin.guard;

import dev.musicfs.config.OriginConfig;
import java.time.Duration;

/**
 * How an origin is guarded.
 *
 * @param concurrency how many requests it has at a time
 * @param queueLimit how many wait for their turn; one more fails with {@code UNAVAILABLE}
 * @param timeout how long one request may take
 * @param listTimeout how long one listing may take, of which a large directory needs many requests
 * @param openAfterFailures how many failures in a row open the circuit breaker
 * @param resetTimeout how long after that the origin is probed; twice as long after each probe or trial that failed
 * @param longestResetTimeout but never longer than this
 * @param bandwidthBytesPerSecond the most that is read, 0 for no limit
 */
public record GuardOptions(
        int concurrency,
        int queueLimit,
        Duration timeout,
        Duration listTimeout,
        int openAfterFailures,
        Duration resetTimeout,
        Duration longestResetTimeout,
        long bandwidthBytesPerSecond) {
    private static final int QUEUE_LIMIT = 1024;
    private static final Duration LIST_TIMEOUT = Duration.ofMinutes(15);
    private static final Duration RESET_TIMEOUT = Duration.ofSeconds(5);
    /** Longer than health waits between its probes, so that these come first. */
    private static final Duration LONGEST_RESET_TIMEOUT = Duration.ofSeconds(75);

    /** As it is configured; {@code threshold} failures in a row open the breaker. */
    public static GuardOptions of(OriginConfig config, int threshold) {
        return new GuardOptions(
                config.concurrency(),
                QUEUE_LIMIT,
                config.timeout(),
                LIST_TIMEOUT,
                threshold,
                RESET_TIMEOUT,
                LONGEST_RESET_TIMEOUT,
                config.bandwidthLimitBytes());
    }
}
