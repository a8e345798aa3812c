package dev.musicfs.cli;

import dev.musicfs.app.Daemon;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteCache;
import java.util.function.Function;

/**
 * Finds the cache of a configuration.
 *
 * @param offline opens one whose daemon does not run
 */
record Caches(Function<MusicFsConfig, CacheMaintenance> offline) {
    static final Caches OF_THIS_MACHINE = new Caches(Daemon::openCache);

    /** Through the daemon if there is one, else as it lies on the disk; to be closed. */
    CacheMaintenance open(MusicFsConfig config) {
        ControlClient client = client(config);
        return client.daemonRuns() ? new RemoteCache(client) : offline.apply(config);
    }

    /** Through the daemon, which has to run by the time it is asked. */
    RemoteCache running(MusicFsConfig config) {
        return new RemoteCache(client(config));
    }

    private static ControlClient client(MusicFsConfig config) {
        return Daemons.of(config.cacheDir());
    }
}
