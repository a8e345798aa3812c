package dev.musicfs.origin.guard;

import java.time.Duration;

/**
 * How names are resolved.
 *
 * @param threads of its own, on which the platform's resolver may block
 * @param timeout how long that is waited for
 * @param keep how long the last good address is used while there is no other
 * @param hosts how many are remembered, and how many may be asked for at a time
 */
public record ResolverOptions(int threads, Duration timeout, Duration keep, int hosts) {
    /** Two threads, 2 s, 60 s, 256 hosts. */
    public static ResolverOptions defaults() {
        return new ResolverOptions(2, Duration.ofSeconds(2), Duration.ofSeconds(60), 256);
    }
}
