package dev.musicfs.control.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** The part of the API that is about the daemon as a whole. */
public final class DaemonRoutes {
    public static final String STATUS = "/v1/status";
    public static final String SHUTDOWN = "/v1/shutdown";
    public static final String TIMEOUT_SECONDS = "timeoutSeconds";
    static final String NOW = "now";
    public static final String LEAVE_MOUNT = "leaveMount";

    private DaemonRoutes() {}

    /** Routes to the daemon. */
    public static List<Route> to(DaemonControl daemon) {
        return List.of(
                new Route.Quick(
                        HttpMethod.GET, STATUS, request -> daemon.status().map(RecordJson::of)),
                new Route.Quick(HttpMethod.POST, SHUTDOWN, request -> shutdown(daemon, request)));
    }

    private static Future<JsonObject> shutdown(DaemonControl daemon, ApiRequest request) {
        Duration drain = Duration.ofSeconds(request.count(
                TIMEOUT_SECONDS, DaemonControl.DEFAULT_DRAIN.toSeconds(), DaemonControl.MAX_DRAIN.toSeconds()));
        Ending ending = new Ending(request.said(NOW) ? Duration.ZERO : drain, request.said(LEAVE_MOUNT));
        return daemon.shutdown(ending).map(v -> new JsonObject().put("accepted", true));
    }
}
