package dev.musicfs.control;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.chunk.AbsentChunkStore;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.store.ChunkStores;
import dev.musicfs.chunk.store.DiskChunkStore;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.TaskSupervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chunk store of a cache directory; an absent one where nothing may be stored. */
public final class CacheStorage implements CacheMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger(CacheStorage.class);

    private final @Nullable DiskChunkStore disk;
    private final ChunkStore store;
    private volatile Runnable afterwards = () -> {};
    private volatile Supplier<Optional<ContentStats>> readers = Optional::empty;

    private CacheStorage(@Nullable DiskChunkStore disk, ChunkStore store) {
        this.disk = disk;
        this.store = store;
    }

    /** For a daemon. Returns at once; the disk is touched behind. The catalog knows what is pinned. */
    public static CacheStorage open(MusicFsConfig config, CatalogReader catalog, TaskSupervisor tasks) {
        return open(config, catalog, disk -> disk.start(tasks));
    }

    /** The same for a command that uses the cache while no daemon runs. */
    public static CacheStorage open(MusicFsConfig config, CatalogReader catalog) {
        return open(config, catalog, DiskChunkStore::start);
    }

    private static CacheStorage open(MusicFsConfig config, CatalogReader catalog, Consumer<DiskChunkStore> starter) {
        if (config.cache().sizeBytes() == 0) {
            return new CacheStorage(null, new AbsentChunkStore());
        }
        Path directory = CacheEntry.STORE.in(config.cacheDir());
        DiskChunkStore disk = ChunkStores.onDisk(directory, config.cache(), Clock.system(), () -> {
            Set<ChunkId> pinned = new HashSet<>();
            catalog.pinnedChunksBlocking(pinned::add);
            return pinned.stream();
        });
        starter.accept(disk);
        return new CacheStorage(disk, disk);
    }

    /** Takes what can be changed while it is in use; an absent one has nothing to change. Returns at once. */
    public void change(CacheConfig config) {
        if (disk != null) {
            disk.change(config);
        }
    }

    public ChunkStore store() {
        return store;
    }

    /**
     * Waits until it can be read or has been found unfit. Without that, the first reads after a start would go to the
     * origin, which may be away.
     */
    public void awaitTriedBlocking(Duration patience) {
        if (disk != null && !disk.awaitTriedBlocking(Deadline.in(patience))) {
            LOG.warn("The cache does not answer; reading goes to the origins meanwhile.");
        }
    }

    /** Why it cannot do all it should, in words; empty when it can, or when it is not wanted. */
    public String illness() {
        if (disk == null) {
            return "";
        }
        return switch (disk.state()) {
            case NORMAL, EVICTING, PRESSED -> "";
            case FULL -> "it is full";
            case UNWRITABLE -> "its disk cannot be written";
            case UNUSABLE -> disk.trouble().orElse("its disk does not answer");
        };
    }

    /** What it is fit for, in a word; {@code off} when it is not wanted. For any thread. */
    public String state() {
        return disk == null ? "off" : disk.state().name().toLowerCase(Locale.ROOT);
    }

    /** Waits until its index stands; false when it does not in time. An absent one waits for nothing. */
    public boolean awaitIndexBlocking(Duration patience) {
        return disk == null || disk.awaitCountedBlocking(Deadline.in(patience));
    }

    /** Has the statistics count what readers had, as {@code reading} says at the time; nobody reads before. */
    public void readBy(Supplier<ContentStats> reading) {
        readers = () -> Optional.of(reading.get());
    }

    @Override
    public CacheStats statsBlocking() {
        StoreStats stats = store.stats();
        Optional<ContentStats> read = readers.get();
        return new CacheStats(
                stats.state().name(),
                stats.chunks(),
                stats.usedBytes(),
                stats.limitBytes(),
                stats.tagsBytes(),
                stats.pinnedBytes(),
                stats.reads(),
                stats.puts(),
                stats.duplicates(),
                stats.evictions(),
                stats.corruptions(),
                stats.failures(),
                read.map(ContentStats::hitRatio)
                        .filter(OptionalDouble::isPresent)
                        .map(OptionalDouble::getAsDouble),
                read.map(ContentStats::fetchedBytes));
    }

    @Override
    public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
        if (disk == null) {
            return new VerifyResult(0, 0, 0, false, List.of());
        }
        long of = disk.stats().chunks();
        VerifyReport report =
                disk.verifyBlocking(repair, cancelled, done -> progress.reached(done, Math.max(done, of)));
        return new VerifyResult(
                report.chunks(),
                report.repaired(),
                report.found() - report.repaired(),
                !report.complete(),
                report.problems());
    }

    @Override
    public ClearResult clearBlocking(boolean alsoPinned) {
        StoreStats before = store.stats();
        if (disk != null) {
            disk.clearBlocking(alsoPinned);
        }
        StoreStats after = store.stats();
        // Readers fill it again meanwhile.
        return new ClearResult(
                Math.max(0, before.chunks() - after.chunks()), Math.max(0, before.usedBytes() - after.usedBytes()));
    }

    /** Has something else closed when this is. */
    public void closeAfterwards(Runnable closer) {
        afterwards = closer;
    }

    @Override
    public void close() {
        if (disk != null) {
            disk.closeBlocking();
        }
        afterwards.run();
    }
}
