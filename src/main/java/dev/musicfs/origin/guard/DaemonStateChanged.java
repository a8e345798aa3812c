package dev.musicfs.origin.guard;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#STATE}.
 *
 * @param before one of {@link DaemonState}
 * @param now one of {@link DaemonState}
 * @param why what is ill, in words; empty when nothing is
 */
public record DaemonStateChanged(String before, String now, String why) {}
