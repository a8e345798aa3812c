package dev.musicfs.control;

import java.time.Duration;

/**
 * The bounds of the API.
 *
 * @param bodyBytes the largest body of a request, inclusive
 * @param connections the most at a time; more are closed at once
 * @param idle after which time without a byte in either direction a connection is closed
 * @param answer how long a request may take to arrive, and again how long it may take to be answered; long work aside
 * @param heartbeat how often long work says how far it has come; far below {@code idle}
 */
public record ControlLimits(int bodyBytes, int connections, Duration idle, Duration answer, Duration heartbeat) {
    /** As the daemon uses them. */
    public static final ControlLimits DEFAULTS =
            new ControlLimits(64 << 10, 32, Duration.ofSeconds(60), Duration.ofSeconds(25), Duration.ofMillis(500));
}
