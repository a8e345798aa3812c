package dev.musicfs.control.api;

import java.util.List;

/**
 * The origins of a daemon.
 *
 * @param origins in the order of the configuration
 */
public record OriginList(List<OriginStatus> origins) {
    /** Copies the list. */
    public OriginList {
        origins = List.copyOf(origins);
    }
}
