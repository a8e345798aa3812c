package dev.musicfs.origin.guard;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#BREAKER}.
 *
 * @param origin its name
 * @param state {@code CLOSED}, {@code HALF_OPEN} or {@code OPEN}
 * @param why what it opened for; empty otherwise
 */
public record BreakerChanged(String origin, String state, String why) {}
