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
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.runtime.Clock;
import dev.musicfs.tags.TagReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps each origin in step with the catalog. */
final class LibraryService {
    private static final Logger LOG = LoggerFactory.getLogger(LibraryService.class);
    private static final int MOST_PARSERS = 4;

    private final List<LibrarySync> syncs = new ArrayList<>();
    private final List<RemoteTagSource> remoteSources = new ArrayList<>();
    private final List<WorkerExecutor> tagReaders = new ArrayList<>();

    /**
     * What all of them work on.
     *
     * @param reader the catalog
     * @param writer the same
     * @param publisher what shows their findings
     * @param progress told how far scans are
     * @param layouts how the layout of a file of this machine is read, where layouts are wanted
     */
    record Parts(
            CatalogReader reader,
            CatalogWriter writer,
            Publisher publisher,
            ScanProgress progress,
            Optional<Layouts> layouts) {}

    /** Nothing is scanned before its syncs are started. */
    LibraryService(
            Vertx vertx,
            MusicFsConfig config,
            boolean acceptMassRemovals,
            List<OriginService.Running> origins,
            Parts parts) {
        TagReader tags = new TagReader();
        SparseFiles sparse = new SparseFiles(config.cacheDir().resolve("scan"));
        for (OriginService.Running each : origins) {
            Origin origin = each.origin();
            OriginConfig own = each.config();
            Optional<DirectFiles> files = origin.directFiles();
            SyncOptions options = options(config, own, acceptMassRemovals, files.isEmpty());
            ScanSlots slots = new ScanSlots(options.tagReaders());
            WorkerExecutor readers =
                    vertx.createSharedWorkerExecutor("tags-" + own.id(), Math.min(MOST_PARSERS, options.tagReaders()));
            tagReaders.add(readers);
            boolean wanted = wantsLayouts(config, files.isEmpty());
            TagSource source;
            if (files.isPresent()) {
                source = new LocalTagSource(files.get(), tags, parts.layouts().filter(reader -> wanted), readers);
            } else {
                RemoteTagSource ranged =
                        new RemoteTagSource(origin, own.timeout(), slots, tags, wanted, sparse, readers);
                remoteSources.add(ranged);
                source = ranged;
            }
            syncs.add(new LibrarySync(
                    vertx,
                    origin,
                    parts.reader(),
                    parts.writer(),
                    source,
                    parts.publisher(),
                    Clock.system(),
                    options,
                    parts.progress(),
                    slots));
        }
    }

    private static SyncOptions options(
            MusicFsConfig config, OriginConfig origin, boolean acceptMassRemovals, boolean remote) {
        SyncOptions defaults = SyncOptions.defaults();
        SyncOptions options = new SyncOptions(
                defaults.batchSize(),
                config.safety().maxRemovedPercent(),
                defaults.massRemovalMinimum(),
                acceptMassRemovals,
                defaults.tagReaders(),
                origin.pollInterval(),
                defaults.moveWindow());
        return remote ? options.forNetwork(origin.concurrency()) : options;
    }

    /**
     * Layouts are wanted where files go through the store, whose blocks are cut by them, and where there are several
     * origins: by what a file says of its audio, copies know one another.
     */
    private static boolean wantsLayouts(MusicFsConfig config, boolean remote) {
        boolean stored =
                config.cache().sizeBytes() > 0 && (remote || config.cache().local() == CacheConfig.Local.ALWAYS);
        return stored || config.enabledOrigins().size() > 1;
    }

    /** What scans of remote origins asked of them so far, all together: files, requests and bytes. */
    Map<String, Long> scanTotals() {
        long files = 0;
        long requests = 0;
        long bytes = 0;
        for (RemoteTagSource source : remoteSources) {
            RemoteTagSource.Counts counts = source.counts();
            files += counts.files();
            requests += counts.requests();
            bytes += counts.bytes();
        }
        return Map.of("files", files, "requests", requests, "bytes", bytes);
    }

    /** What keeps each origin in step. */
    List<LibrarySync> syncs() {
        return List.copyOf(syncs);
    }

    /** Has a directory listed again whose content turned out to be another than the catalog's. */
    void refresh(OriginId id, RealPath folder) {
        syncs.stream().filter(sync -> sync.origin().equals(id)).forEach(sync -> sync.refresh(
                        new OriginChanges(Set.of(folder), false))
                .onFailure(e -> LOG.warn("{} of origin {} is not in step: {}", folder, id, e.getMessage())));
    }

    /** Has a whole origin compared with the catalog soon; false when there is none of this name. */
    boolean catchUp(OriginId id) {
        List<LibrarySync> meant =
                syncs.stream().filter(sync -> sync.origin().equals(id)).toList();
        meant.forEach(LibrarySync::catchUp);
        return !meant.isEmpty();
    }

    /** Stops every sync. */
    Future<Void> stop() {
        return Future.join(syncs.stream().map(LibrarySync::stop).toList())
                .otherwiseEmpty()
                .compose(done -> Future.join(
                        tagReaders.stream().map(WorkerExecutor::close).toList()))
                .otherwiseEmpty()
                .mapEmpty();
    }
}
