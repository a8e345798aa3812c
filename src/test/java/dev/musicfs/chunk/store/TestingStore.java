package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.chunk.disk.MemoryChunkFiles;
import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.chunk.index.IndexSource;
import dev.musicfs.chunk.index.MapDbIndexes;
import dev.musicfs.chunk.index.MemoryIndexes;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A store on memory whose maintenance is driven by hand, and which can be closed, killed and opened again. */
public final class TestingStore {
    static final int CHUNK_BYTES = 900;
    public static final int FILE_BYTES = CHUNK_BYTES + MemoryChunkFiles.HEADER_BYTES;

    final ManualClock clock = new ManualClock();
    public final Set<ChunkId> pins = ConcurrentHashMap.newKeySet();
    final Path directory;
    final CacheConfig config;
    MemoryChunkFiles files = new MemoryChunkFiles();
    MemoryIndexes memory = new MemoryIndexes();
    IndexSource indexes = memory;
    volatile long usableBytes = Long.MAX_VALUE / 2;
    /** How many chunks the disk has room for in its table of files; empty: it has no such table. */
    volatile OptionalLong inodes = OptionalLong.empty();

    volatile StoreState disk = StoreState.NORMAL;

    private final SpaceProbe space = new SpaceProbe() {
        @Override
        public long usableBytes() {
            return usableBytes;
        }

        @Override
        public OptionalLong freeFiles() {
            return inodes.isEmpty() ? inodes : OptionalLong.of(inodes.getAsLong() - files.files.size());
        }
    };

    public DiskChunkStore store;

    public TestingStore(Path directory, long sizeBytes, long tagsBytes) {
        this.directory = directory;
        this.config = new CacheConfig(
                sizeBytes, 0, tagsBytes, CacheConfig.Local.AUTO, CacheConfig.Durability.FAST, Duration.ofDays(30), 0);
        open();
    }

    public TestingStore onMapDb() {
        indexes = new MapDbIndexes(directory.resolve("index"), Duration.ofSeconds(60));
        return this;
    }

    /** Opens a store over the same disk, as a new process would. */
    DiskChunkStore open() {
        store = new DiskChunkStore(
                new StoreParts(directory, config, clock, files, indexes, space, () -> disk, pins::stream, millis -> {}),
                Optional.empty());
        return store;
    }

    public DiskChunkStore start() {
        open().openBlocking();
        return store;
    }

    /** As if the process had been killed: the old one sees a disk that nobody else sees. */
    DiskChunkStore killAndStart() {
        files = new MemoryChunkFiles(files.files);
        return start();
    }

    public DiskChunkStore closeAndStart() {
        store.closeBlocking();
        return start();
    }

    /** A chunk of its own for each number. */
    static ByteBuffer chunk(int number) {
        return ByteBuffer.allocate(CHUNK_BYTES).putInt(number).rewind();
    }

    public static ChunkId id(int number) {
        return ChunkId.of(chunk(number));
    }

    public ChunkId put(int number, EvictionClass evictionClass) {
        clock.advance(Duration.ofSeconds(1));
        return store.putBlocking(chunk(number), evictionClass);
    }

    public void put(int from, int to, EvictionClass evictionClass) {
        for (int number = from; number < to; number++) {
            put(number, evictionClass);
        }
    }

    public void read(int number) {
        clock.advance(Duration.ofSeconds(1));
        ByteBuffer dst = ByteBuffer.allocate(CHUNK_BYTES);
        store.readBlocking(id(number), 0, dst);
        assertThat(dst.rewind()).isEqualTo(chunk(number));
    }

    boolean has(int number) {
        return files.existsBlocking(id(number));
    }

    /** What the store says it holds is what the files take. */
    public void assertTrueSums() {
        StoreStats stats = store.stats();
        assertThat(stats.usedBytes()).isEqualTo(files.sum());
        assertThat(stats.chunks()).isEqualTo(files.files.size());
        assertThat(stats.tagsBytes())
                .isEqualTo(files.files.values().stream()
                        .filter(file -> file.evictionClass() == EvictionClass.TAGS)
                        .mapToLong(MemoryChunkFiles.File::length)
                        .sum());
    }
}
