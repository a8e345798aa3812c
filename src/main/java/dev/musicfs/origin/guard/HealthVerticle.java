package dev.musicfs.origin.guard;

import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/** Runs {@link Health} as the supervised task {@code health}. To be deployed after the origins' verticles and undeployed before them. */
public final class HealthVerticle extends VerticleBase {
    private final Health health;
    private final TaskSupervisor tasks;

    /**
     * Not yet deployed.
     *
     * @param origins in the order of the configuration
     */
    public HealthVerticle(
            List<GuardedOrigin> origins, HealthOptions options, GuardServices services, TaskSupervisor tasks) {
        this.tasks = tasks;
        this.health = new Health(List.copyOf(origins), options, services);
    }

    /** What is known; of use before this is deployed, too. */
    public Health health() {
        return health;
    }

    @Override
    public Future<?> start() {
        tasks.supervise("health", Importance.CRITICAL, health::run);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        health.stop();
        return Future.succeededFuture();
    }
}
