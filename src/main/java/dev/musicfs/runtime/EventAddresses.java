package dev.musicfs.runtime;

/** Where announcements are published: {@code musicfs.event.<type>}. What is published is a record with plain fields. */
public final class EventAddresses {
    /** What every address begins with; the rest is the type under which an event is shown to the outside. */
    public static final String PREFIX = "musicfs.event.";

    /** An origin came, went or lost its name service. */
    public static final String ORIGIN_STATE = PREFIX + "origin-state";
    /** The daemon is ready, degraded or offline. */
    public static final String STATE = PREFIX + "state";
    /** No origin can be reached any more. */
    public static final String ALL_ORIGINS_UNHEALTHY = PREFIX + "all-origins-unhealthy";
    /** A file is now read from another copy than its leader, since the leader cannot be had. */
    public static final String SERVED_FROM_BACKUP = PREFIX + "served-from-backup";
    /** The same file comes from its leader again. */
    public static final String LEADER_RETURNED = PREFIX + "leader-returned";
    /** A copy is not what it should be. */
    public static final String COPY_SUSPECTED = PREFIX + "copy-suspected";
    /** A circuit breaker opened, may be tried or closed. */
    public static final String BREAKER = PREFIX + "breaker";
    /** A background task was started, died, was given up or ended. */
    public static final String TASK = PREFIX + "task";

    private EventAddresses() {}
}
