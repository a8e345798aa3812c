package dev.musicfs.control.client;

import dev.musicfs.control.api.DaemonControl;
import dev.musicfs.control.api.DaemonRoutes;
import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.Ending;
import io.vertx.core.json.JsonObject;

/** A running daemon, through its socket. */
public final class RemoteDaemon {
    private final ControlClient client;

    /** Does not connect yet. */
    public RemoteDaemon(ControlClient client) {
        this.client = client;
    }

    /** As {@link DaemonControl#status}. */
    public DaemonStatus statusBlocking() {
        return client.call(DaemonStatus.class, "GET", DaemonRoutes.STATUS, null);
    }

    /** As {@link DaemonControl#shutdown}: returns when it is accepted; parts of a second are dropped. */
    public void shutdownBlocking(Ending ending) {
        client.call(
                "POST",
                DaemonRoutes.SHUTDOWN,
                new JsonObject()
                        .put(DaemonRoutes.TIMEOUT_SECONDS, ending.drain().toSeconds())
                        .put(DaemonRoutes.LEAVE_MOUNT, ending.leavesMount()));
    }
}
