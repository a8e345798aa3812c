package dev.musicfs.app;

import dev.musicfs.app.LocalTagSource.Layouts;
import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.library.Publisher;
import dev.musicfs.library.ScanProgress;
import dev.musicfs.library.ScanSlots;
import dev.musicfs.library.SyncOptions;
import dev.musicfs.library.TagSource;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.runtime.Clock;
import dev.musicfs.tags.TagReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The origins and what keeps each in step with the catalog. */
final class LibraryService {
    private static final NameResolver PLATFORM_NAMES = host -> Future.future(promise -> {
        try {
            promise.complete(java.net.InetAddress.getByName(host));
        } catch (java.net.UnknownHostException e) {
            promise.fail(e);
        }
    });
    private static final int MOST_PARSERS = 4;

    private final Map<OriginId, Origin> origins = new LinkedHashMap<>();
    private final List<LibrarySync> syncs = new ArrayList<>();
    private final Map<OriginId, RemoteTagSource> remoteSources = new LinkedHashMap<>();
    private final List<WorkerExecutor> tagReaders = new ArrayList<>();

    /** @param layouts how the layout of a file is read, for origins that go through the store */
    LibraryService(
            Vertx vertx,
            MusicFsConfig config,
            boolean acceptMassRemovals,
            CatalogReader reader,
            CatalogWriter writer,
            Publisher publisher,
            ScanProgress progress,
            Optional<Layouts> layouts) {
        TagReader tags = new TagReader();
        SparseFiles sparse = new SparseFiles(config.cacheDir().resolve("scan"));
        for (OriginConfig each : config.enabledOrigins()) {
            WorkerExecutor workers = vertx.createSharedWorkerExecutor("origin-" + each.id(), each.concurrency());
            Origin origin = Backends.of(each.type())
                    .create(each, new BackendContext(vertx, workers, PLATFORM_NAMES, Clock.system()));
            SyncOptions defaults = SyncOptions.defaults();
            SyncOptions options = new SyncOptions(
                    defaults.batchSize(),
                    config.safety().maxRemovedPercent(),
                    defaults.massRemovalMinimum(),
                    acceptMassRemovals,
                    defaults.tagReaders(),
                    each.pollInterval(),
                    defaults.moveWindow());
            boolean remote = origin.directFiles().isEmpty();
            if (remote) {
                options = options.forNetwork(each.concurrency());
            }
            ScanSlots slots = new ScanSlots(options.tagReaders());
            WorkerExecutor readers = vertx.createSharedWorkerExecutor(
                    "tags-" + each.id(), Math.min(MOST_PARSERS, options.tagReaders()));
            tagReaders.add(readers);
            TagSource source;
            if (remote) {
                RemoteTagSource ranged = new RemoteTagSource(
                        origin, each.timeout(), slots, tags, config.cache().sizeBytes() > 0, sparse, readers);
                remoteSources.put(each.id(), ranged);
                source = ranged;
            } else {
                source = tagSource(origin, tags, config.cache(), layouts, readers);
            }
            origins.put(each.id(), origin);
            syncs.add(new LibrarySync(
                    vertx, origin, reader, writer, source, publisher, Clock.system(), options, progress, slots));
        }
    }

    /** Layouts are wanted where files go through the store: there they are what its blocks are cut by. */
    private static TagSource tagSource(
            Origin origin, TagReader tags, CacheConfig cache, Optional<Layouts> layouts, WorkerExecutor readers) {
        boolean stored = cache.sizeBytes() > 0 && cache.local() == CacheConfig.Local.ALWAYS;
        return new LocalTagSource(origin.directFiles().orElseThrow(), tags, layouts.filter(reader -> stored), readers);
    }

    /** What scans of remote origins asked of them so far. */
    Map<OriginId, RemoteTagSource.Counts> scanCounts() {
        Map<OriginId, RemoteTagSource.Counts> counts = new LinkedHashMap<>();
        remoteSources.forEach((id, source) -> counts.put(id, source.counts()));
        return counts;
    }

    /** The origin with this name, empty when it is not configured. */
    Optional<Origin> origin(OriginId id) {
        return Optional.ofNullable(origins.get(id));
    }

    /** What keeps this origin in step. */
    List<LibrarySync> syncs() {
        return List.copyOf(syncs);
    }

    /** Has a directory listed again whose content turned out to be another than the catalog's. */
    void refresh(OriginId id, RealPath folder) {
        syncs.stream()
                .filter(sync -> sync.origin().equals(id))
                .forEach(sync -> sync.refresh(new OriginChanges(Set.of(folder), false)));
    }

    /** Stops every sync, then every origin. */
    Future<Void> stop() {
        List<Future<Void>> stopping = new ArrayList<>();
        syncs.forEach(sync -> stopping.add(sync.stop()));
        return Future.join(stopping)
                .otherwiseEmpty()
                .compose(done -> Future.join(
                        tagReaders.stream().map(WorkerExecutor::close).toList()))
                .otherwiseEmpty()
                .compose(done ->
                        Future.join(origins.values().stream().map(Origin::stop).toList()))
                .otherwiseEmpty()
                .mapEmpty();
    }
}
