package dev.musicfs.origin;

import dev.musicfs.runtime.Clock;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * What an origin is given to work with.
 *
 * @param vertx the daemon's
 * @param workers the threads for its blocking calls, no other origin's; as many as its concurrency. Whoever made it
 *     closes it
 * @param clock time
 */
public record BackendContext(Vertx vertx, WorkerExecutor workers, Clock clock) {}
