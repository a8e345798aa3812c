package dev.musicfs.config;

/**
 * What differs between two configurations in one key.
 *
 * @param key as in the file, such as {@code cache.size}; those of an origin as {@code origins.ID.priority}
 * @param before its value, or "none"
 * @param after the same
 * @param hot whether a running daemon can take it over
 */
public record ConfigChange(String key, String before, String after, boolean hot) {
    @Override
    public String toString() {
        return key + ": " + before + " -> " + after;
    }
}
