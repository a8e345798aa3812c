package dev.musicfs.app;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.content.file.Content;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.plan.CatalogManifests;
import dev.musicfs.content.plan.OriginLayouts;
import dev.musicfs.control.CacheStorage;
import dev.musicfs.offline.StoredPins;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.Waiting;
import java.time.Duration;

/** The store and what reads files through it: for mount and tests. */
record ReadServices(CacheStorage storage, Content content) {
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Starts them, and waits a while for the store, which may go on behind. */
    static ReadServices startBlocking(MusicFsConfig config, LibraryServices library, LifecycleStack base) {
        CatalogReader catalog = library.catalog().reader();
        CacheStorage storage = CacheStorage.open(config, catalog, library.tasks());
        base.push("the chunk store", patience -> storage.close());
        StoredPins pins = new StoredPins(library.vertx(), catalog, storage.store());
        CatalogManifests manifests = new CatalogManifests(
                library.vertx(), catalog, library.writer(), library.updater()::reconsider, pins::keep);
        Content content = new Content(
                library.vertx(),
                catalog,
                library.origins()::origin,
                library.origins().replicas()::of,
                row -> library.library().refresh(row.origin(), row.path().parent()),
                storage.store(),
                manifests,
                new OriginLayouts(),
                config.cache());
        storage.readBy(content::stats);
        base.push("writing behind", content::drainBlocking);
        Waiting.await(
                library.vertx().deployVerticle(new ContentVerticle(content)),
                PATIENCE,
                "the start of the content room");
        storage.awaitTriedBlocking(STORE_PATIENCE);
        return new ReadServices(storage, content);
    }
}
