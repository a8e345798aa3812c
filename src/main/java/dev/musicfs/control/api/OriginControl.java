package dev.musicfs.control.api;

import io.vertx.core.Future;
import java.util.List;

/**
 * What the API does with the origins of a running daemon. Called on an event loop, never throws; fails with a
 * {@link dev.musicfs.failure.MusicFsException}.
 */
public interface OriginControl {
    /** All of them, in the order of the configuration. */
    Future<List<OriginStatus>> origins();

    /** Probes all of them now and tells what came of it; takes no longer than one probe may. */
    Future<List<OriginStatus>> probe();

    /**
     * Has an origin compared with the catalog soon; completes when that is asked for and not when it is done.
     * {@code NOT_FOUND} when no origin has this name.
     */
    Future<Void> rescan(String id);

    /**
     * Says that the files that seem gone of an origin, and are kept, are gone; they are removed soon, if no more than these are
     * gone by then. {@code NOT_FOUND} when no origin has this name.
     *
     * @return how many they are, 0 when none are kept
     */
    Future<Long> confirmRemovals(String id);

    /** {@code ready}, {@code degraded} or {@code offline}. */
    String state();
}
