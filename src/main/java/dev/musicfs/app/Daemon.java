package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.reload.Reloads;
import dev.musicfs.control.CacheStorage;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.process.OfflineCache;
import dev.musicfs.process.Signals;
import dev.musicfs.process.SpareRoom;
import dev.musicfs.process.Stopping;
import dev.musicfs.runtime.Threads;
import dev.musicfs.runtime.UncaughtFailures;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** The daemon as the command line sees it. */
@Attended(threads = "the hook the JVM waits for")
public final class Daemon {
    private static final Duration INDEX_PATIENCE = Duration.ofMinutes(10);
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
    @Dropped("a reload by signal logs what comes of it")
    public static int runForeground(
            MusicFsConfig config,
            Supplier<LoadedConfig> again,
            Path mountPoint,
            StartOptions options,
            PrintStream out) {
        configureLogging(config);
        UncaughtFailures failures = UncaughtFailures.install();
        Stopping stop = new Stopping(config.drainTimeout());
        Signals.handle(stop::signalled, "TERM", "INT");
        Reloads reloads = new Reloads(again, Threads::begin);
        // What comes of it is logged.
        Signals.handle(number -> reloads.reload(), "HUP");
        MusicFsDaemon library = MusicFsDaemon.mount(
                config, mountPoint, options, new MusicFsDaemon.Surroundings(out, failures, reloads));
        Thread hook = new Thread(
                () -> {
                    library.stop(config.drainTimeout());
                    // The JVM would end with 128 + the signal's number; a daemon that was told to stop and did has done
                    // well.
                    Runtime.getRuntime().halt(DONE);
                },
                "musicfs-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            stop.serves(library);
            return library.serve() ? DONE : FAILED;
        } finally {
            library.stop(config.drainTimeout());
            forget(hook);
        }
    }

    // Left in place, it would turn the exit code of whatever went wrong into that of a proper end.
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already: the process was told to end, and the exit code is its business.
        }
    }

    /**
     * Reads the library into a catalog that is thrown away, prints sample paths and counts, and gives the exit code.
     *
     * @throws MusicFsException with one sentence for the user when an origin cannot be read
     */
    public static int dryRun(MusicFsConfig config, PrintStream out) {
        configureLogging(config);
        try (DryRun run = new DryRun(config)) {
            run.print(out);
            return DONE;
        } catch (java.io.IOException e) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "no temporary catalog: " + e.getMessage(), e);
        }
    }

    /**
     * The cache of a daemon that does not run, under the instance lock; to be closed.
     *
     * @throws MusicFsException with one sentence for the user when there is none, or a process that uses it
     */
    public static CacheMaintenance openCache(MusicFsConfig config) {
        configureLogging(config);
        return OfflineCache.openBlocking(config, Daemon::store);
    }

    private static CacheMaintenance store(MusicFsConfig config) {
        SpareRoom spare = new SpareRoom(config.cacheDir());
        boolean unused = spare.letGoIfFullBlocking();
        Catalog catalog = Catalog.openBlocking(config.cacheDir().resolve("catalog.db"));
        CacheStorage storage = CacheStorage.open(config, catalog.reader());
        storage.closeAfterwards(() -> {
            catalog.closeBlocking();
            spare.keepWhatFitsBlocking();
        });
        if (!storage.awaitIndexBlocking(INDEX_PATIENCE)) {
            storage.close();
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE, "the cache in " + config.cacheDir() + " cannot be read; see the log");
        }
        return storage;
    }

    private static void configureLogging(MusicFsConfig config) {
        // Read by logback.xml, whose time comes with the first logger.
        System.setProperty("musicfs.log.level", config.logging().level());
    }
}
