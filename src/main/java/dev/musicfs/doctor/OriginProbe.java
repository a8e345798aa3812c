package dev.musicfs.doctor;

import dev.musicfs.config.HealthConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.OriginMonitor;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.failure.Waits;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.runtime.Verticles;
import dev.musicfs.runtime.VertxSetup;
import dev.musicfs.runtime.Waiting;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks the origins of a configuration whether they are there, without a daemon. */
public final class OriginProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final Function<Vertx, Verticles> verticles;

    /** @param verticles deploys on a Vert.x */
    public OriginProbe(Function<Vertx, Verticles> verticles) {
        this.verticles = verticles;
    }

    /**
     * Each is probed once, all at the same time, as at a start of the daemon. One that does not answer is down at once,
     * whatever the thresholds say: nobody probes it again. Blocks; nothing is scanned.
     */
    @Waits("the command's own thread, or that of a check, each within a bound")
    public List<OriginStatus> probeBlocking(MusicFsConfig config) {
        Vertx vertx = Vertx.vertx(VertxSetup.options());
        try {
            LocalMessages.register(vertx);
            OriginService origins =
                    new OriginService(vertx, verticles.apply(vertx), atOnce(config), TaskSupervisor.on(vertx));
            Waiting.await(origins.start(), PATIENCE, "the start of the origins");
            OriginMonitor monitor = new OriginMonitor(origins, Optional.empty(), Clock.system());
            List<OriginStatus> probed = Waiting.await(monitor.probe(), PATIENCE, "the probe of the origins");
            Waiting.await(origins.stop(), PATIENCE, "the end of the origins");
            return probed;
        } finally {
            Waiting.await(vertx.close(), PATIENCE, "the end of the probe");
        }
    }

    private static MusicFsConfig atOnce(MusicFsConfig config) {
        HealthConfig health = config.health();
        return new MusicFsConfig(
                config.mountPoint(),
                config.cacheDir(),
                config.template(),
                config.origins(),
                config.cache(),
                config.fuse(),
                new HealthConfig(health.interval(), health.timeout(), 1, 1),
                config.safety(),
                config.library(),
                config.tags(),
                config.logging(),
                config.drainTimeout());
    }
}
