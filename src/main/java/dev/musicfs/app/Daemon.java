package dev.musicfs.app;

import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.reload.Reloads;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.process.Foreground;
import dev.musicfs.process.OfflineCache;
import dev.musicfs.process.StartOptions;
import dev.musicfs.runtime.Threads;
import dev.musicfs.runtime.UncaughtFailures;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The daemon as the command line sees it. */
@Attended(threads = "a reload, which logs its outcome and is waited for at the end")
public final class Daemon {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    private Daemon() {}

    /**
     * Mounts and serves until SIGTERM, SIGINT or somebody's {@code umount}; gives the exit code. Prints
     * {@code musicfs: serving MOUNTPOINT} once the mount answers. SIGHUP has the configuration read again.
     *
     * @param again reads the configuration in the same way again; asked on threads of its own
     * @throws MusicFsException with one sentence for the user when it cannot begin; nothing is mounted then
     */
    @Dropped("a reload by signal logs its outcome")
    public static int runForeground(
            MusicFsConfig config,
            Supplier<LoadedConfig> again,
            Path mountPoint,
            StartOptions options,
            PrintStream out) {
        configureLogging(config);
        UncaughtFailures failures = UncaughtFailures.install();
        Reloads reloads = new Reloads(again, Threads::begin);
        MusicFsDaemon.ProcessServices process = new MusicFsDaemon.ProcessServices(out, failures, reloads);
        boolean well = Foreground.runBlocking(
                config.drainTimeout(),
                reloads::reload,
                () -> MusicFsDaemon.mount(config, mountPoint, options, process));
        return well ? DONE : FAILED;
    }

    /**
     * Reads the library into a catalog that is thrown away, prints sample paths and counts, and gives the exit code.
     *
     * @throws MusicFsException with one sentence for the user when an origin cannot be read
     */
    public static int dryRun(MusicFsConfig config, PrintStream out) {
        configureLogging(config);
        DryRun.printBlocking(config, out);
        return DONE;
    }

    /**
     * The cache of a daemon that does not run, under the instance lock; to be closed.
     *
     * @throws MusicFsException with one sentence for the user when there is none, or a process that uses it
     */
    public static CacheMaintenance openCache(MusicFsConfig config) {
        configureLogging(config);
        return OfflineCache.openBlocking(config);
    }

    private static void configureLogging(MusicFsConfig config) {
        // Read by logback.xml when the first logger is made.
        System.setProperty("musicfs.log.level", config.logging().level());
    }
}
