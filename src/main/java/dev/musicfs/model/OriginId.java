package dev.musicfs.model;

import java.util.regex.Pattern;

/** The configured name of an origin: 1 to 64 of {@code a-z A-Z 0-9 . _ -}. */
public record OriginId(String value) {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Refuses anything that could not stand in a log line, a metric label or a worker pool's name. */
    public OriginId {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("origin id \"" + value + "\" must be 1 to 64 of a-z A-Z 0-9 . _ -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
