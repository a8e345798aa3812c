package dev.musicfs.runtime;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Deploys verticles for the rooms that make them; only the wiring of the program knows how. For any thread. */
public interface Verticles {
    /** Starts one; gives its deployment id, or fails as its start does. */
    Future<String> deploy(VerticleBase verticle);

    /** Stops what {@link #deploy} started. */
    Future<Void> undeploy(String deploymentId);
}
