package dev.musicfs.origin;

import dev.musicfs.runtime.Clock;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * What an origin is given to work with.
 *
 * @param vertx the daemon's
 * @param workers the threads for its blocking calls, no other origin's; as many as its concurrency. Closed
 *     by their maker
 * @param names to be used for every connection in place of the platform's resolver, since it keeps the last good address
 * @param clock time
 */
public record BackendContext(Vertx vertx, WorkerExecutor workers, NameResolver names, Clock clock) {}
