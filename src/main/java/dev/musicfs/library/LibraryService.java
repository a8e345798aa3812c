package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.Attended;
import dev.musicfs.formats.TagReader;
import dev.musicfs.library.LocalTagSource.Layouts;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps each origin in step with the catalog. */
@Attended(workers = "for tags that a scan waits for")
public final class LibraryService {
    private static final Logger LOG = LoggerFactory.getLogger(LibraryService.class);
    private static final int MOST_PARSERS = 4;
    private static final int MOST_WAITING = 10_000;

    /** How long one file may take; a batch is published no later for it. */
    private static final Duration LOCAL_FILE_LIMIT = Duration.ofSeconds(30);

    /** The same where each of several requests has its own time-out. */
    private static final int REMOTE_FILE_TIMEOUTS = 8;

    private final Vertx vertx;
    private final boolean acceptMassRemovals;
    private final Parts parts;
    private final TagReader tags;
    private final NoteFile noteFile;
    private final ParseNotes notes;
    private final Map<OriginId, Kept> kept = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();

    private record Kept(LibrarySync sync, Optional<RemoteTagSource> source, WorkerExecutor readers) {
        Future<Void> stop() {
            return sync.stop().otherwiseEmpty().eventually(readers::close).otherwiseEmpty();
        }
    }

    /**
     * What all of them work on.
     *
     * @param reader the catalog
     * @param writer the same
     * @param publisher what shows their findings
     * @param progress told how far scans are
     * @param layouts how the layout of a file of this machine is read, where layouts are wanted
     */
    public record Parts(
            CatalogReader reader,
            CatalogWriter writer,
            Publisher publisher,
            ScanProgress progress,
            Optional<Layouts> layouts) {}

    /** Nothing is scanned before its syncs are started. */
    public LibraryService(
            Vertx vertx,
            MusicFsConfig config,
            boolean acceptMassRemovals,
            List<OriginService.Running> origins,
            Parts parts) {
        this.vertx = vertx;
        this.acceptMassRemovals = acceptMassRemovals;
        this.parts = parts;
        this.tags = new TagReader(config.tags().charset());
        this.noteFile = new NoteFile(CacheEntry.SCAN.in(config.cacheDir()).resolve("parsing.notes"));
        this.notes = new ParseNotes(noteFile);
        origins.forEach(each -> add(config, each));
    }

    /** What keeps one more origin in step; nothing is scanned before it is started. */
    public LibrarySync add(MusicFsConfig config, OriginService.Running added) {
        Origin origin = added.origin();
        OriginConfig own = added.config();
        Optional<DirectFiles> files = origin.directFiles();
        SyncOptions options = options(config, own, acceptMassRemovals, files.isEmpty());
        ScanSlots slots = new ScanSlots(options.tagReaders());
        // Pools are shared by name, and one of the same origin may still be closing.
        WorkerExecutor readers = ExecutorPools.workers(
                vertx,
                "tags-" + own.id() + "-" + made.incrementAndGet(),
                "The reader of tags of " + own.id(),
                Math.min(MOST_PARSERS, options.tagReaders()),
                MOST_WAITING);
        boolean wanted = wantsLayouts(config, files.isEmpty());
        Optional<RemoteTagSource> ranged = files.isPresent()
                ? Optional.empty()
                : Optional.of(
                        new RemoteTagSource(origin, own.timeout(), slots, tags, wanted, readers, notes.of(own.id())));
        TagSource source = ranged.<TagSource>map(remote -> remote)
                .orElseGet(() -> new LocalTagSource(
                        files.orElseThrow(),
                        tags,
                        parts.layouts().filter(reader -> wanted),
                        readers,
                        notes.of(own.id())));
        Duration limit = files.isPresent() ? LOCAL_FILE_LIMIT : own.timeout().multipliedBy(REMOTE_FILE_TIMEOUTS);
        LibrarySync sync = new LibrarySync(
                vertx,
                origin,
                parts.reader(),
                parts.writer(),
                new TimedTagSource(source, limit, Timers.of(vertx)),
                parts.publisher(),
                Clock.system(),
                options,
                parts.progress(),
                slots);
        kept.put(own.id(), new Kept(sync, ranged, readers));
        return sync;
    }

    /** Stops keeping an origin in step; completes when work under way has ended. What is known of it stays. */
    Future<Void> remove(OriginId id) {
        Kept removed = kept.remove(id);
        return removed == null ? Future.succeededFuture() : removed.stop();
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
                        defaults.moveWindow())
                .withLibrary(config.library());
        return remote ? options.forNetwork(origin.concurrency()) : options;
    }

    /**
     * Layouts are wanted where files go through the store, whose blocks are cut by them, and where there are several
     * origins: by what a file says of its audio, copies know one another.
     */
    public static boolean wantsLayouts(MusicFsConfig config, boolean remote) {
        boolean stored =
                config.cache().sizeBytes() > 0 && (remote || config.cache().local() == CacheConfig.Local.ALWAYS);
        return stored || config.enabledOrigins().size() > 1;
    }

    /** What scans of remote origins asked of them so far, all together: files, requests and bytes. */
    public Map<String, Long> scanTotals() {
        long files = 0;
        long requests = 0;
        long bytes = 0;
        for (Kept each : kept.values()) {
            if (each.source().isEmpty()) {
                continue;
            }
            RemoteTagSource.Counts counts = each.source().get().counts();
            files += counts.files();
            requests += counts.requests();
            bytes += counts.bytes();
        }
        return Map.of("files", files, "requests", requests, "bytes", bytes);
    }

    /** What keeps each origin in step. */
    public List<LibrarySync> syncs() {
        return kept.values().stream().map(Kept::sync).toList();
    }

    /** Why what some origin has cannot be shown, until it is. For any thread. */
    public Optional<String> trouble() {
        return syncs().stream()
                .map(LibrarySync::trouble)
                .filter(each -> !each.isEmpty())
                .findFirst();
    }

    /** What an origin has and nobody can look at; empty when there is no origin of this name. For any thread. */
    public List<UnknownEntry> unknown(OriginId id) {
        Kept found = kept.get(id);
        return found == null ? List.of() : found.sync().unknown();
    }

    /** What was passed over of an origin, as {@link LibrarySync#passedOver}. For any thread. */
    public Map<String, Long> passedOver(OriginId id) {
        Kept found = kept.get(id);
        return found == null ? Map.of() : found.sync().passedOver();
    }

    /** What of an origin seems gone and is kept; empty when nothing is, or there is no origin of this name. For any thread. */
    public Optional<HeldRemovals> held(OriginId id) {
        return Optional.ofNullable(kept.get(id)).flatMap(found -> found.sync().held());
    }

    /** Says that what is held of an origin is really gone, as {@link LibrarySync#confirmRemovals}. For any thread. */
    public Optional<HeldRemovals> confirmRemovals(OriginId id) {
        return Optional.ofNullable(kept.get(id)).flatMap(found -> found.sync().confirmRemovals());
    }

    /** How many files of an origin are damaged; 0 when there is no origin of this name. For any thread. */
    public long damagedFiles(OriginId id) {
        Kept found = kept.get(id);
        return found == null ? 0 : found.sync().damagedFiles();
    }

    /** Has a directory listed again whose content turned out to be another than the catalog's. */
    public void refresh(OriginId id, RealPath folder) {
        syncs().stream().filter(sync -> sync.origin().equals(id)).forEach(sync -> sync.refresh(
                        new OriginChanges(Set.of(folder), false))
                .onFailure(e -> LOG.warn("{} of origin {} is not in step: {}", folder, id, e.getMessage())));
    }

    /** Has a whole origin compared with the catalog soon; false when there is none of this name. */
    public boolean catchUp(OriginId id) {
        List<LibrarySync> meant =
                syncs().stream().filter(sync -> sync.origin().equals(id)).toList();
        meant.forEach(LibrarySync::catchUp);
        return !meant.isEmpty();
    }

    /** Stops every sync. */
    public Future<Void> stop() {
        return Future.join(kept.values().stream().map(Kept::stop).toList())
                .<Void>mapEmpty()
                .onComplete(over -> noteFile.close());
    }
}
