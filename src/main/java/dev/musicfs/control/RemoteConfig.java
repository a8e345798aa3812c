package dev.musicfs.control;

/** The configuration of a running daemon, through its socket. */
public final class RemoteConfig {
    private final ControlClient client;

    /** Does not connect yet. */
    public RemoteConfig(ControlClient client) {
        this.client = client;
    }

    /** As {@link ConfigControl#reload}. */
    public ReloadResult reloadBlocking() {
        return ReloadResult.fromJson(client.call("POST", ConfigRoutes.RELOAD, null));
    }
}
