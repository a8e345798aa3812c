package dev.musicfs.process;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.CacheStorage;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.time.Duration;

/** The store of a cache directory whose lock is held, with its catalog, for a command. */
final class OfflineStore {
    private static final Duration INDEX_PATIENCE = Duration.ofMinutes(10);

    private OfflineStore() {}

    /** Waits for its index; fails with {@code UNAVAILABLE} when that cannot be read. */
    static CacheMaintenance openBlocking(MusicFsConfig config) {
        SpareRoom spare = new SpareRoom(config.cacheDir());
        boolean unused = spare.letGoIfFullBlocking();
        Catalog catalog = Catalog.openBlocking(CacheEntry.CATALOG.in(config.cacheDir()));
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
}
