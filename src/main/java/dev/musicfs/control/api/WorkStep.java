package dev.musicfs.control.api;

/**
 * How far long work is.
 *
 * @param done how much is done
 * @param of of how much; 0 while nobody knows
 */
public record WorkStep(long done, long of) {}
