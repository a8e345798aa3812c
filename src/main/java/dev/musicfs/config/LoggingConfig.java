package dev.musicfs.config;

/**
 * What is logged.
 *
 * @param level one of {@code trace}, {@code debug}, {@code info}, {@code warn}, {@code error}, {@code off}
 */
public record LoggingConfig(String level) {}
