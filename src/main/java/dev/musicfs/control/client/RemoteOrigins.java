package dev.musicfs.control.client;

import dev.musicfs.control.api.OriginControl;
import dev.musicfs.control.api.OriginList;
import dev.musicfs.control.api.OriginRoutes;
import dev.musicfs.control.api.OriginStatus;
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
        return client.call(OriginList.class, "GET", OriginRoutes.ORIGINS, null).origins();
    }

    /** As {@link OriginControl#probe}. */
    public List<OriginStatus> probeBlocking() {
        return client.call(OriginList.class, "POST", OriginRoutes.PROBE, null).origins();
    }

    /** As {@link OriginControl#confirmRemovals}. */
    public long confirmRemovalsBlocking(String id) {
        return client.call("POST", OriginRoutes.CONFIRM, new JsonObject().put("id", id))
                .getLong("files", 0L);
    }

    /** As {@link OriginControl#rescan}. */
    public void rescanBlocking(String id) {
        client.call("POST", OriginRoutes.RESCAN, new JsonObject().put("id", id));
    }
}
