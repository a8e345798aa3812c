package dev.musicfs.control.api;

import java.util.List;

/**
 * What reading the configuration again came to.
 *
 * @param applied what is another now, each {@code KEY: OLD -> NEW}
 * @param restart what will be another after a restart only, in the same way
 */
public record ReloadResult(List<String> applied, List<String> restart) {
    /** Copies the lists. */
    public ReloadResult {
        applied = List.copyOf(applied);
        restart = List.copyOf(restart);
    }
}
