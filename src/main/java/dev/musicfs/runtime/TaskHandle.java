package dev.musicfs.runtime;

import io.vertx.core.Future;

/** How a running {@link TaskBody} learns that it is to end. */
@FunctionalInterface
public interface TaskHandle {
    /** Completes, on whatever thread asks for it, when the activity is to end; the body's own future has to follow. */
    Future<Void> stopRequested();
}
