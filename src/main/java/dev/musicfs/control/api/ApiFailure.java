package dev.musicfs.control.api;

/**
 * A failure as it travels.
 *
 * @param kind name of a {@link dev.musicfs.failure.FailureKind}, perhaps one of a newer daemon
 * @param message a sentence
 */
public record ApiFailure(String kind, String message) {}
