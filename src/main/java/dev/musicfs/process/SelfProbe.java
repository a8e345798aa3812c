package dev.musicfs.process;

import io.vertx.core.Future;

/** A question to ourselves that only a daemon in working order answers. */
@FunctionalInterface
public interface SelfProbe {
    /** Succeeds when all is well; fails with the reason otherwise; may stay unanswered for ever. Does not block. */
    Future<Void> probe();
}
