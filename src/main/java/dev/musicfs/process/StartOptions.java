package dev.musicfs.process;

/**
 * What a mount was asked to do apart from its configuration.
 *
 * @param acceptRemovals whether a removal held back by the safety limit is confirmed
 * @param replace whether a process that has the cache directory is ended first, by force if it hangs
 * @param requireOrigins whether the daemon ends when an origin does not answer at the start
 */
public record StartOptions(boolean acceptRemovals, boolean replace, boolean requireOrigins) {}
