package dev.musicfs.app;

import dev.musicfs.runtime.Verticles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;

/** Verticles of one Vert.x. */
public record VertxVerticles(Vertx vertx) implements Verticles {
    @Override
    public Future<String> deploy(VerticleBase verticle) {
        return vertx.deployVerticle(verticle);
    }

    @Override
    public Future<Void> undeploy(String deploymentId) {
        return vertx.undeploy(deploymentId);
    }
}
