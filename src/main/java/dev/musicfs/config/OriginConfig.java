package dev.musicfs.config;

import dev.musicfs.model.OriginId;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One directory of music on this machine.
 *
 * @param id its name, unique in the configuration and kept in the catalog
 * @param path its root, absolute
 * @param priority which copy of a track is preferred: the lowest number
 * @param enabled whether it is used at all
 * @param pollInterval how often it is listed again for changes that no notification told of
 */
public record OriginConfig(OriginId id, Path path, int priority, boolean enabled, Duration pollInterval) {
    /** The priority of an origin that names none. */
    public static final int DEFAULT_PRIORITY = 100;

    /** The interval of an origin that names none. */
    public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMinutes(5);
}
