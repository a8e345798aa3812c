package dev.musicfs.failure;

/**
 * One step of a failpoint's chain.
 *
 * @param percent with which probability it is taken, 0 to 100
 * @param count how often it may be taken, or {@link #UNLIMITED}
 * @param verb what it does
 * @param argument what stands in parentheses, or empty
 */
record FailpointAction(double percent, int count, Verb verb, String argument) {
    static final int UNLIMITED = -1;

    /** What an action does. */
    enum Verb {
        OFF,
        RETURN,
        SLEEP,
        PANIC,
        PRINT,
        PAUSE,
        YIELD,
        DELAY,
        EXIT
    }
}
