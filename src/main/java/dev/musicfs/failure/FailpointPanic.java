package dev.musicfs.failure;

/** What an armed failpoint throws to look like a defect: nothing in the program expects it. */
public final class FailpointPanic extends Error {
    private static final long serialVersionUID = 1L;

    FailpointPanic(String message) {
        super(message);
    }
}
