package dev.musicfs.config.reload;

import java.util.List;

/**
 * What reading the configuration again came to.
 *
 * @param applied what has changed, each {@code KEY: OLD -> NEW}
 * @param restart what changes only with a restart, in the same form
 */
public record ReloadOutcome(List<String> applied, List<String> restart) {
    /** Copies the lists. */
    public ReloadOutcome {
        applied = List.copyOf(applied);
        restart = List.copyOf(restart);
    }
}
