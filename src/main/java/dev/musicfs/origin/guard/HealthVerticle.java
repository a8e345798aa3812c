package dev.musicfs.origin.guard;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/** Runs {@link Health}. To be deployed after the origins' verticles and undeployed before them. */
public final class HealthVerticle extends VerticleBase {
    private final Health health;

    /**
     * Not yet deployed.
     *
     * @param origins in the order of the configuration
     */
    public HealthVerticle(List<GuardedOrigin> origins, HealthOptions options, GuardServices services) {
        this.health = new Health(List.copyOf(origins), options, services);
    }

    /** What is known; of use before this is deployed, too. */
    public Health health() {
        return health;
    }

    @Override
    public Future<?> start() {
        health.start();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return health.stop();
    }
}
