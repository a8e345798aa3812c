package dev.musicfs.control.client;

import dev.musicfs.control.api.ConfigRoutes;
import dev.musicfs.control.api.ReloadResult;

/** The configuration of a running daemon, through its socket. */
public final class RemoteConfig {
    private final ControlClient client;

    /** Does not connect yet. */
    public RemoteConfig(ControlClient client) {
        this.client = client;
    }

    /** Has the daemon read it again, as SIGHUP does. */
    public ReloadResult reloadBlocking() {
        return client.call(ReloadResult.class, "POST", ConfigRoutes.RELOAD, null);
    }
}
