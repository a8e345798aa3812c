package dev.musicfs.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of the keys a type of origin has of its own. Secrets are references, so this can be shown and logged. */
public record OriginSettings(Map<String, Object> values) {
    /** Keeps its own copy. */
    public OriginSettings {
        values = Map.copyOf(values);
    }

    /** The string of a key of kind {@link OriginKey.Kind#TEXT}. */
    public Optional<String> text(String key) {
        return find(key, String.class);
    }

    /** The same of a required key. */
    public String requiredText(String key) {
        return text(key).orElseThrow(() -> new IllegalStateException(key + " is required and was not checked"));
    }

    /** The number of a key of kind {@link OriginKey.Kind#INTEGER}. */
    public Optional<Integer> integer(String key) {
        return find(key, Integer.class);
    }

    /** The value of a key of kind {@link OriginKey.Kind#FLAG}. */
    public Optional<Boolean> flag(String key) {
        return find(key, Boolean.class);
    }

    /** The time of a key of kind {@link OriginKey.Kind#DURATION}. */
    public Optional<Duration> duration(String key) {
        return find(key, Duration.class);
    }

    /** The path of a key of kind {@link OriginKey.Kind#PATH} or {@link OriginKey.Kind#PRIVATE_FILE}, absolute. */
    public Optional<Path> path(String key) {
        return find(key, Path.class);
    }

    /** The paths of a key of kind {@link OriginKey.Kind#PATHS}; none when it is not set. */
    public List<Path> paths(String key) {
        return find(key, List.class).stream()
                .flatMap(texts -> ((List<?>) texts).stream())
                .map(text -> Path.of((String) text).normalize())
                .toList();
    }

    /** Where the secret of a key of kind {@link OriginKey.Kind#SECRET} is. */
    public Optional<Secret> secret(String key) {
        return find(key, Secret.class);
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        return Optional.ofNullable(values.get(key)).map(type::cast);
    }
}
