package dev.musicfs.chunk.store;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.DiskCalls;
import dev.musicfs.chunk.disk.DiskChunkFiles;
import dev.musicfs.chunk.disk.DiskHealth;
import dev.musicfs.chunk.disk.DiskProbe;
import dev.musicfs.chunk.disk.DiskSpace;
import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.chunk.disk.StoreLayout;
import dev.musicfs.chunk.index.MapDbIndexes;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts stores together. Nothing here touches a disk; {@link DiskChunkStore#start} does. */
public final class ChunkStores {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkStores.class);

    private ChunkStores() {}

    /**
     * A store in a directory of its own on a disk of this machine.
     *
     * @param pins what should be pinned, asked when a lost index has been rebuilt; a pin is noted there before it is set in the store
     */
    public static DiskChunkStore onDisk(
            Path directory, CacheConfig config, Clock clock, Supplier<Stream<ChunkId>> pins) {
        DiskHealth disk = new DiskHealth(
                clock,
                new DiskProbe(new StoreLayout(directory), DiskCalls.REAL),
                DiskHealth.Bounds.DEFAULTS,
                (from, to, reason) -> LOG.warn("The disk of the cache is {} now, it was {}. {}", to, from, reason));
        ChunkFiles files = new DiskChunkFiles(directory, DiskCalls.REAL, disk, config.durability());
        SpaceProbe space = new DiskSpace(directory);
        return new DiskChunkStore(parts(directory, config, clock, files, disk::state, pins, space), Optional.of(disk));
    }

    /** The parts of a store over these chunk files, with an index in MapDB. */
    static StoreParts parts(
            Path directory,
            CacheConfig config,
            Clock clock,
            ChunkFiles files,
            Supplier<StoreState> disk,
            Supplier<Stream<ChunkId>> pins,
            SpaceProbe space) {
        return new StoreParts(
                directory,
                config,
                clock,
                files,
                new MapDbIndexes(directory.resolve("index"), MapDbIndexes.BOUND),
                space,
                disk,
                pins,
                millis -> LockSupport.parkNanos(Duration.ofMillis(millis).toNanos()));
    }
}
