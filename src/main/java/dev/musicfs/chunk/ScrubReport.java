package dev.musicfs.chunk;

/**
 * What reading chunks has found.
 *
 * @param chunks chunk files read and checked
 * @param bytes their sum
 * @param damaged files whose bytes were wrong, which have been deleted
 * @param complete false when it was cancelled
 */
public record ScrubReport(long chunks, long bytes, long damaged, boolean complete) {}
