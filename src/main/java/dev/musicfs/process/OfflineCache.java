package dev.musicfs.process;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.nio.file.Files;
import java.util.function.BooleanSupplier;

/** The cache of a daemon that does not run. Holds the instance lock, so that none starts meanwhile. */
public final class OfflineCache implements CacheMaintenance {
    private final InstanceLock lock;
    private final CacheMaintenance cache;

    private OfflineCache(InstanceLock lock, CacheMaintenance cache) {
        this.lock = lock;
        this.cache = cache;
    }

    /** Opens what lies in the cache directory. */
    @FunctionalInterface
    interface Opener {
        /** Called with the instance lock held. */
        CacheMaintenance openBlocking(MusicFsConfig config);
    }

    /**
     * Takes the lock and opens the cache. Fails with {@code NOT_FOUND} when there is no cache directory, {@code REJECTED}
     * when a process holds the lock, {@code UNAVAILABLE} when the cache cannot be read.
     */
    public static OfflineCache openBlocking(MusicFsConfig config) {
        return openBlocking(config, OfflineStore::openBlocking);
    }

    static OfflineCache openBlocking(MusicFsConfig config, Opener opener) {
        if (!Files.isDirectory(config.cacheDir())) {
            throw new MusicFsException(
                    FailureKind.NOT_FOUND,
                    "there is no cache in " + config.cacheDir() + "; name its directory with --cache-dir");
        }
        InstanceLock lock = InstanceLock.takeForCommand(config.cacheDir());
        try {
            return new OfflineCache(lock, opener.openBlocking(config));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public CacheStats statsBlocking() {
        return cache.statsBlocking();
    }

    @Override
    public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
        return cache.verifyBlocking(repair, cancelled, progress);
    }

    @Override
    public ClearResult clearBlocking(boolean alsoPinned) {
        return cache.clearBlocking(alsoPinned);
    }

    @Override
    public void close() {
        try {
            cache.close();
        } finally {
            lock.close();
        }
    }
}
