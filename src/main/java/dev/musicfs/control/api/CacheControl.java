package dev.musicfs.control.api;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;

/**
 * What the API does to the cache of a running daemon. Called on an event loop, never throws; fails with a
 * {@link dev.musicfs.failure.MusicFsException}. At most one of {@link #verify} and {@link #clear} runs at a time.
 */
public interface CacheControl {
    /** Its counters. */
    Future<CacheStats> stats();

    /** As {@link CacheMaintenance#verifyBlocking}; {@code progress} may be told on any thread. */
    Future<VerifyResult> verify(boolean repair, BooleanSupplier cancelled, Progress progress);

    /** As {@link CacheMaintenance#clearBlocking}. */
    Future<ClearResult> clear(boolean alsoPinned);

    /**
     * Pins every file at or below a path: one from the root of the tree such as {@code Artist/Album}, or an absolute one
     * inside the mount. {@code NOT_FOUND} when there is nothing, {@code INVALID} when it leads out of the mount.
     */
    Future<PinResult> pin(String path);

    /** Pins no longer; paths and failures as with {@link #pin}. */
    Future<PinResult> unpin(String path);

    /** The pinned files. */
    Future<Pins> pins();
}
