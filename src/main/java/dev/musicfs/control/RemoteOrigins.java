package dev.musicfs.control;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** The origins of a running daemon, through its socket. */
public final class RemoteOrigins {
    private final ControlClient client;

    /** Does not connect yet. */
    public RemoteOrigins(ControlClient client) {
        this.client = client;
    }

    /** As {@link OriginControl#origins}. */
    public List<OriginStatus> originsBlocking() {
        return OriginStatus.listFromJson(client.call("GET", OriginRoutes.ORIGINS, null));
    }

    /** As {@link OriginControl#probe}. */
    public List<OriginStatus> probeBlocking() {
        return OriginStatus.listFromJson(client.call("POST", OriginRoutes.PROBE, null));
    }

    /** As {@link OriginControl#rescan}. */
    public void rescanBlocking(String id) {
        client.call("POST", OriginRoutes.RESCAN, new JsonObject().put("id", id));
    }
}
