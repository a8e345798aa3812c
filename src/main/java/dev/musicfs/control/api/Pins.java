package dev.musicfs.control.api;

import java.util.List;

/**
 * The pinned files.
 *
 * @param files how many there are
 * @param paths where the first of them are, from the root of the tree, at most {@value #MAX_PATHS}
 */
public record Pins(long files, List<String> paths) {
    /** The most paths that are listed: about 2 MiB. */
    public static final int MAX_PATHS = 10_000;

    /** Keeps its own copy of the first paths. */
    public Pins {
        paths = List.copyOf(paths.subList(0, Math.min(MAX_PATHS, paths.size())));
    }
}
