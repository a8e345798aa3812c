package dev.musicfs.control.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The part of the API that is about origins and about health. */
public final class OriginRoutes {
    public static final String ORIGINS = "/v1/origins";
    public static final String PROBE = "/v1/origins/probe";
    public static final String RESCAN = "/v1/origins/rescan";
    public static final String CONFIRM = "/v1/origins/confirm-removals";
    static final String LIVE = "/v1/health/live";
    static final String READY = "/v1/health/ready";

    private OriginRoutes() {}

    /** Routes to the origins. */
    public static List<Route> to(OriginControl origins) {
        return List.of(
                new Route.Quick(HttpMethod.GET, ORIGINS, request -> origins.origins()
                        .map(all -> RecordJson.of(new OriginList(all)))),
                new Route.Quick(HttpMethod.POST, PROBE, request -> origins.probe()
                        .map(all -> RecordJson.of(new OriginList(all)))),
                new Route.Quick(HttpMethod.POST, RESCAN, request -> origins.rescan(request.text("id"))
                        .map(v -> new JsonObject().put("asked", true))),
                new Route.Quick(HttpMethod.POST, CONFIRM, request -> origins.confirmRemovals(request.text("id"))
                        .map(files -> new JsonObject().put("files", files))),
                // That somebody answers says that the event loop turns.
                new Route.Quick(
                        HttpMethod.GET, LIVE, request -> Future.succeededFuture(new JsonObject().put("live", true))),
                // Whatever the origins are, the tree and what is stored are served.
                new Route.Quick(
                        HttpMethod.GET,
                        READY,
                        request -> Future.succeededFuture(
                                new JsonObject().put("ready", true).put("state", origins.state()))));
    }
}
