package dev.musicfs.control.api;

/**
 * What clearing the cache removed.
 *
 * @param chunks how many
 * @param bytes what their files took
 */
public record ClearResult(long chunks, long bytes) {}
