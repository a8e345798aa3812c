package dev.musicfs.origin.guard;

/** Of a circuit breaker. */
public enum BreakerState {
    /** Requests pass. */
    CLOSED,
    /** The origin answered a probe; the next request is its trial, all others are refused until it is over. */
    HALF_OPEN,
    /** Requests are refused at once. */
    OPEN
}
