package dev.musicfs.origin.guard;

import dev.musicfs.origin.Origin;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Starts and stops one origin, which is asked on the verticle's event loop alone: nobody calls a backend but its guard.
 * An origin that is away does not keep this from being deployed.
 */
public final class OriginVerticle extends VerticleBase {
    private final GuardedOrigin guard;
    private final ConfinedOrigin origin;

    /** Not yet deployed. */
    public OriginVerticle(Origin backend, GuardOptions options, GuardServices services) {
        this.guard = new GuardedOrigin(backend, options, services);
        this.origin = new ConfinedOrigin(guard, services.vertx());
    }

    /** What guards it: for health and monitoring. */
    public GuardedOrigin guard() {
        return guard;
    }

    /** How everybody else reaches it. Its {@code start} and {@code stop} do nothing. */
    public Origin origin() {
        return origin;
    }

    @Override
    public Future<?> start() {
        origin.open(context);
        return guard.start();
    }

    @Override
    public Future<?> stop() {
        origin.close();
        return guard.stop();
    }
}
