package dev.musicfs.origin.guard;

/** Of the daemon as a whole. */
public enum DaemonState {
    /** All is well. */
    READY,
    /** An origin or the cache is ill. */
    DEGRADED,
    /** No origin can be reached; what is cached is served. */
    OFFLINE
}
