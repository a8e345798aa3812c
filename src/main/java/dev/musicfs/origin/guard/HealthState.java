package dev.musicfs.origin.guard;

/** Of an origin. */
public enum HealthState {
    /** It has not yet answered, nor failed to. */
    UNKNOWN,
    /** It answers. */
    UP,
    /** Its name cannot be resolved, which says nothing about itself. */
    NAMES,
    /** It does not answer. */
    DOWN
}
