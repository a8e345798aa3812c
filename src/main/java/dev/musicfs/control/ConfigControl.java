package dev.musicfs.control;

import io.vertx.core.Future;

/** What the API does with the configuration of a running daemon. Called on an event loop; must not block. */
public interface ConfigControl {
    /**
     * Reads the configuration again as at the start and takes what can be taken. Fails with {@code INVALID}, one line for
     * each problem, when something is wrong with it, and then nothing has changed; {@code UNAVAILABLE} when the daemon
     * ends.
     */
    Future<ReloadResult> reload();
}
