package dev.musicfs.testkit;

import dev.musicfs.runtime.Verticles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;

/** Verticles deployed on a Vert.x of a test. */
public final class TestingVerticles {
    private TestingVerticles() {}

    /** Those of {@code vertx}. */
    public static Verticles of(Vertx vertx) {
        return new Verticles() {
            @Override
            public Future<String> deploy(VerticleBase verticle) {
                return vertx.deployVerticle(verticle);
            }

            @Override
            public Future<Void> undeploy(String deploymentId) {
                return vertx.undeploy(deploymentId);
            }
        };
    }
}
