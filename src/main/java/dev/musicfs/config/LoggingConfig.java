package dev.musicfs.config;

/**
 * What is logged.
 *
 * @param level one of {@code trace}, {@code debug}, {@code info}, {@code warn}, {@code error}, {@code off}
 */
public record LoggingConfig(String level) {
    /** Unless something else is set. */
    public static final LoggingConfig DEFAULTS = new LoggingConfig("info");
}
