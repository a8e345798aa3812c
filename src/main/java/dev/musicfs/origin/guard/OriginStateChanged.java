package dev.musicfs.origin.guard;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#ORIGIN_STATE}.
 *
 * @param origin its name
 * @param before one of {@link HealthState}
 * @param now one of {@link HealthState}
 * @param recovered whether it can be reached again, so that what was missed is to be caught up on
 * @param why in words; empty when it is up
 */
public record OriginStateChanged(String origin, String before, String now, boolean recovered, String why) {}
