package dev.musicfs.config;

/**
 * What keeps a library from vanishing by mistake.
 *
 * @param maxRemovedPercent the share of an origin's tracks, 0 to 100, that may disappear in one go; more is held back
 *     until somebody confirms it
 */
public record SafetyConfig(int maxRemovedPercent) {}
