package dev.musicfs.config;

import java.nio.charset.Charset;
import java.util.Optional;

/**
 * How tags are read.
 *
 * @param fallbackCharset the name of the encoding of text that does not say its own and is not UTF-8; empty to guess
 */
public record TagsConfig(String fallbackCharset) {
    /** What is guessed is right more often than what anybody would name. */
    public static final TagsConfig DEFAULTS = new TagsConfig("");

    /** The encoding; empty to guess. */
    public Optional<Charset> charset() {
        return fallbackCharset.isEmpty() ? Optional.empty() : Optional.of(Charset.forName(fallbackCharset));
    }
}
