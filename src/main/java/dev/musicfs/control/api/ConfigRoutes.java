package dev.musicfs.control.api;

import dev.musicfs.config.reload.ReloadOutcome;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.function.Supplier;

/** The part of the API that is about the configuration. */
public final class ConfigRoutes {
    public static final String RELOAD = "/v1/config/reload";

    private ConfigRoutes() {}

    /**
     * Routes to the configuration.
     *
     * @param reload has the daemon read it again
     */
    public static List<Route> to(Supplier<Future<ReloadOutcome>> reload) {
        return List.of(new Route.Quick(HttpMethod.POST, RELOAD, request -> reload.get()
                .map(outcome -> RecordJson.of(new ReloadResult(outcome.applied(), outcome.restart())))));
    }
}
