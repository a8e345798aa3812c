package dev.musicfs.app;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.chunk.AbsentChunkStore;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.store.ChunkStores;
import dev.musicfs.chunk.store.DiskChunkStore;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.control.CacheMaintenance;
import dev.musicfs.control.VerifyResult;
import dev.musicfs.model.ChunkId;
import dev.musicfs.posix.Inodes;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.TaskSupervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chunk store of a cache directory; an absent one where nothing may be stored. */
final class CacheStorage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheStorage.class);

    private final @Nullable DiskChunkStore disk;
    private final ChunkStore store;

    private CacheStorage(@Nullable DiskChunkStore disk, ChunkStore store) {
        this.disk = disk;
        this.store = store;
    }

    /** For a daemon. Returns at once; the disk is touched behind. The catalog knows what is pinned. */
    static CacheStorage open(MusicFsConfig config, CatalogReader catalog, TaskSupervisor tasks) {
        return open(config, catalog, disk -> disk.start(tasks));
    }

    /** The same for a command that uses the cache while no daemon runs. */
    static CacheStorage open(MusicFsConfig config, CatalogReader catalog) {
        return open(config, catalog, DiskChunkStore::start);
    }

    private static CacheStorage open(MusicFsConfig config, CatalogReader catalog, Consumer<DiskChunkStore> starter) {
        if (config.cache().sizeBytes() == 0) {
            return new CacheStorage(null, new AbsentChunkStore());
        }
        Path directory = config.cacheDir().resolve("store");
        DiskChunkStore disk = ChunkStores.onDisk(
                directory,
                config.cache(),
                Clock.system(),
                () -> {
                    Set<ChunkId> pinned = new HashSet<>();
                    catalog.pinnedChunksBlocking(pinned::add);
                    return pinned.stream();
                },
                () -> Inodes.freeBlocking(directory));
        starter.accept(disk);
        return new CacheStorage(disk, disk);
    }

    /** Takes what can be changed while it is in use; an absent one has nothing to change. Returns at once. */
    void change(CacheConfig config) {
        if (disk != null) {
            disk.change(config);
        }
    }

    ChunkStore store() {
        return store;
    }

    /**
     * Waits until it can be read or has been found unfit. Without that, the first reads after a start would go to the
     * origin, which may be away.
     */
    void awaitTriedBlocking(Duration patience) {
        if (disk != null && !disk.awaitTriedBlocking(Deadline.in(patience))) {
            LOG.warn("The cache does not answer; reading goes to the origins meanwhile.");
        }
    }

    /** Why it cannot do all it should, in words; empty when it can, or when it is not wanted. */
    String illness() {
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
    String state() {
        return disk == null ? "off" : disk.state().name().toLowerCase(Locale.ROOT);
    }

    /** Waits until its index stands; false when it does not in time. An absent one waits for nothing. */
    boolean awaitIndexBlocking(Duration patience) {
        return disk == null || disk.awaitCountedBlocking(Deadline.in(patience));
    }

    /** As the control room sees it. */
    CacheMaintenance maintenance(Supplier<Optional<ContentStats>> reading, Runnable closer) {
        return new StoreMaintenance(store, this::verify, this::clear, reading, closer);
    }

    private VerifyResult verify(boolean repair, BooleanSupplier cancelled, LongConsumer progress) {
        if (disk == null) {
            return new VerifyResult(0, 0, 0, false, List.of());
        }
        VerifyReport report = disk.verifyBlocking(repair, cancelled, progress);
        return new VerifyResult(
                report.chunks(),
                report.repaired(),
                report.found() - report.repaired(),
                !report.complete(),
                report.problems());
    }

    private void clear(boolean alsoPinned) {
        if (disk != null) {
            disk.clearBlocking(alsoPinned);
        }
    }

    @Override
    public void close() {
        if (disk != null) {
            disk.closeBlocking();
        }
    }
}
