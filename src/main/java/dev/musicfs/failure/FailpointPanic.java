package dev.musicfs.failure;

/** What the action {@code panic} throws: an error nobody expects, as a defect would be. */
public final class FailpointPanic extends Error {
    private static final long serialVersionUID = 1L;

    FailpointPanic(String message) {
        super(message);
    }
}
