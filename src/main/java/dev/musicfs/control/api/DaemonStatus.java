package dev.musicfs.control.api;

import java.util.List;
import java.util.Optional;

/**
 * A running daemon.
 *
 * @param pid of its process
 * @param mountPoint where it serves, an absolute path without symbolic links, as in the mount table
 * @param version of the program
 * @param state {@code starting} until it is known of each origin whether it answers, {@code ready}, {@code degraded},
 *     {@code offline} or {@code stopping}
 * @param uptimeSeconds since it started
 * @param tasks what works in it
 * @param origins in the order of the configuration
 * @param cache the state of the store, such as {@code healthy}
 * @param catalog {@code healthy}, or what is wrong with it
 * @param uncaughtFailures how many failures nobody caught, since the start
 */
public record DaemonStatus(
        long pid,
        String mountPoint,
        String version,
        String state,
        long uptimeSeconds,
        List<TaskStatus> tasks,
        List<OriginState> origins,
        String cache,
        String catalog,
        long uncaughtFailures) {
    /** Of a daemon that serves everything. */
    public static final String READY = "ready";

    /** Copies the lists. */
    public DaemonStatus {
        tasks = List.copyOf(tasks);
        origins = List.copyOf(origins);
    }

    /**
     * A part of the daemon that is started again when it fails.
     *
     * @param name such as {@code scan}
     * @param state such as {@code running}
     * @param restarts how often it was started again
     * @param lastError why it failed last
     * @param critical whether the daemon is of no use without it
     */
    public record TaskStatus(String name, String state, long restarts, Optional<String> lastError, boolean critical) {}

    /**
     * An origin in short.
     *
     * @param id its name
     * @param state as in {@link OriginStatus}
     * @param lastError why it is not up
     * @param library as in {@link OriginStatus}
     */
    public record OriginState(String id, String state, Optional<String> lastError, LibraryStatus library) {}
}
