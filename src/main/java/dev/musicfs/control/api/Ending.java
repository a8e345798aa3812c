package dev.musicfs.control.api;

import java.time.Duration;

/**
 * How the daemon is to end.
 *
 * @param drain how long what is on its way may take to finish, up to {@link DaemonControl#MAX_DRAIN}; zero: nothing is
 *     waited for
 * @param leavesMount whether the mount is left dead where it is, for the next daemon to replace: who looks meanwhile gets
 *     an error and not the empty directory beneath
 */
public record Ending(Duration drain, boolean leavesMount) {}
