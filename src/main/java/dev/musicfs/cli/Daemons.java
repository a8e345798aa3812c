package dev.musicfs.cli;

import dev.musicfs.control.client.ControlClient;
import dev.musicfs.process.StartingDaemon;
import java.nio.file.Path;

/** Finds the daemon of a cache directory. */
final class Daemons {
    private Daemons() {}

    /** What asks it; one that is being started is waited for, and none need run yet. */
    static ControlClient of(Path cacheDir) {
        StartingDaemon.awaitBlocking(cacheDir, StartingDaemon.PATIENCE);
        return new ControlClient(cacheDir, ControlClient.PATIENCE);
    }
}
