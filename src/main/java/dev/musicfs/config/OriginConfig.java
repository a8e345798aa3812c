package dev.musicfs.config;

import dev.musicfs.model.OriginId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One place where music lies.
 *
 * @param id its name, unique in the configuration and kept in the catalog
 * @param type what it is
 * @param settings the values of its type's own keys
 * @param priority which copy of a track is preferred: the lowest number, and among equals the first in the configuration
 * @param enabled whether it is used at all
 * @param pollInterval how often it is listed again for changes that no notification told of
 * @param timeout how long one request to it may take
 * @param concurrency how many requests to it there may be at a time
 * @param bandwidthLimitBytes the most that is fetched from it in a second, 0 for no limit
 */
public record OriginConfig(
        OriginId id,
        OriginType type,
        OriginSettings settings,
        int priority,
        boolean enabled,
        Duration pollInterval,
        Duration timeout,
        int concurrency,
        long bandwidthLimitBytes) {
    /** The priority of an origin that names none. */
    public static final int DEFAULT_PRIORITY = 100;

    /** The interval of an origin that names none. */
    public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMinutes(5);

    /** An origin of which everything but its own keys is as its type has it. */
    public static OriginConfig of(OriginId id, OriginType type, OriginSettings settings) {
        return new OriginConfig(
                id,
                type,
                settings,
                DEFAULT_PRIORITY,
                true,
                DEFAULT_POLL_INTERVAL,
                type.defaultTimeout(),
                type.defaultConcurrency(),
                0);
    }

    /** The directory of this machine that it reads, if it does. */
    public Optional<Path> directory() {
        return type.directory(settings);
    }
}
