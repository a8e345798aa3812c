package dev.musicfs.origin.replica;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#COPY_SUSPECTED}.
 *
 * @param origin its name
 * @param path the copy's, in there
 * @param why in words
 */
public record CopySuspected(String origin, String path, String why) {}
