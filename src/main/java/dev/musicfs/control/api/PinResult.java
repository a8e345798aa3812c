package dev.musicfs.control.api;

/**
 * What pinning or unpinning a path did.
 *
 * @param path the path from the root of the tree, without a leading slash; empty for the root
 * @param files how many files lie there, pinned before or not
 */
public record PinResult(String path, long files) {}
