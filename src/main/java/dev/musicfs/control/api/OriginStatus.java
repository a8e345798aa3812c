package dev.musicfs.control.api;

import java.util.Optional;

/**
 * An origin as the daemon sees it at present.
 *
 * @param id its name
 * @param type what it is, such as {@code sftp}
 * @param priority which copies are preferred: the lowest number
 * @param state {@code up}, {@code down}, {@code names} when its name cannot be resolved, {@code unknown} before the
 *     first probe has ended
 * @param stateSeconds how long it has been so
 * @param breaker {@code closed}, {@code open} or {@code half_open}
 * @param latencyMillis of small requests, smoothed; negative when none has been answered yet
 * @param inFlight requests that are on their way
 * @param queued requests that wait for their turn
 * @param requests how many there were
 * @param failures how many of them failed
 * @param fetchedBytes what it gave
 * @param lastError why the last failure failed
 * @param library what of its files is not shown as it is there
 */
public record OriginStatus(
        String id,
        String type,
        int priority,
        String state,
        long stateSeconds,
        String breaker,
        double latencyMillis,
        long inFlight,
        long queued,
        long requests,
        long failures,
        long fetchedBytes,
        Optional<String> lastError,
        LibraryStatus library) {}
