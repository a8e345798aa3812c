package dev.musicfs.control;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/** The part of the API that is about the configuration. */
public final class ConfigRoutes {
    static final String RELOAD = "/v1/config/reload";

    private ConfigRoutes() {}

    /** Routes to the configuration. */
    public static List<Route> to(ConfigControl config) {
        return List.of(new Route.Quick(
                HttpMethod.POST, RELOAD, request -> config.reload().map(ReloadResult::toJson)));
    }
}
