package dev.musicfs.origin.guard;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#ALL_ORIGINS_UNHEALTHY}.
 *
 * @param origins how many there are
 * @param why what is ill, in words
 */
public record AllOriginsUnhealthy(int origins, String why) {}
