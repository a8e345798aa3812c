package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.chunk.disk.ChunkHeader;
import dev.musicfs.chunk.disk.DiskCalls;
import dev.musicfs.chunk.disk.DiskChunkFiles;
import dev.musicfs.chunk.disk.DiskHealth;
import dev.musicfs.chunk.disk.DiskProbe;
import dev.musicfs.chunk.disk.DiskSpace;
import dev.musicfs.chunk.disk.StoreLayout;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A store on a real disk with nothing in between, whose threads are turned by hand. */
final class RealStore {
    static final int CHUNK_BYTES = 9000;
    static final int FILE_BYTES = CHUNK_BYTES + ChunkHeader.BYTES;

    final Path directory;
    final ManualClock clock = new ManualClock();
    final Set<ChunkId> pins = ConcurrentHashMap.newKeySet();
    final List<String> changes = new ArrayList<>();
    private final CacheConfig config = new CacheConfig(
            1 << 24, 0, 1 << 22, CacheConfig.Local.AUTO, CacheConfig.Durability.FAST, Duration.ofDays(30), 0);
    private DiskHealth health;
    DiskChunkStore store;

    RealStore(Path directory) {
        this.directory = directory;
        make();
    }

    private void make() {
        health = new DiskHealth(
                clock,
                new DiskProbe(new StoreLayout(directory), DiskCalls.REAL),
                DiskHealth.Bounds.DEFAULTS,
                (from, to, reason) -> changes.add(from + " " + to + ": " + reason));
        DiskChunkFiles files = new DiskChunkFiles(directory, DiskCalls.REAL, health, config.durability());
        store = new DiskChunkStore(
                ChunkStores.parts(
                        directory, config, clock, files, health::state, pins::stream, new DiskSpace(directory)),
                Optional.empty());
    }

    /** As a new process does at first. */
    void open() {
        make();
        store.openBlocking();
    }

    /** As a new process does, until it has counted. */
    void start() {
        open();
        store.tickBlocking();
    }

    /** Several minutes in which nobody asks for anything. */
    void settle() {
        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofSeconds(31));
            health.tickBlocking();
            store.tickBlocking();
        }
    }

    static ByteBuffer chunk(int number) {
        return ByteBuffer.allocate(CHUNK_BYTES).putInt(number).rewind();
    }

    static ChunkId id(int number) {
        return ChunkId.of(chunk(number));
    }

    void put(int from, int to) {
        for (int number = from; number < to; number++) {
            clock.advance(Duration.ofMillis(1));
            store.putBlocking(chunk(number), EvictionClass.AUDIO);
        }
    }

    /** Puts one, which may fail as long as it is told. */
    void triesToPut(int number) {
        try {
            put(number, number + 1);
        } catch (MusicFsException e) {
            assertThat(e.kind()).isIn(FailureKind.UNAVAILABLE, FailureKind.REJECTED, FailureKind.READ_ONLY);
        }
    }

    void pin(int number) {
        pins.add(id(number));
        store.pinBlocking(List.of(id(number)), true);
    }

    /** Whether it is there; never wrong. */
    boolean reads(int number) {
        ByteBuffer dst = ByteBuffer.allocate(CHUNK_BYTES);
        try {
            store.readBlocking(id(number), 0, dst);
        } catch (MusicFsException e) {
            assertThat(e.kind()).isIn(FailureKind.NOT_FOUND, FailureKind.CORRUPT, FailureKind.UNAVAILABLE);
            return false;
        }
        assertThat(dst.rewind()).isEqualTo(chunk(number));
        return true;
    }

    void readAll(int count) {
        for (int number = 0; number < count; number++) {
            assertThat(reads(number)).as("chunk %d", number).isTrue();
        }
    }

    /** What the store says it holds is what lies on the disk. */
    void assertTrueSums() {
        List<Path> files = files();
        StoreStats stats = store.stats();
        assertThat(stats.chunks()).isEqualTo(files.size());
        assertThat(stats.usedBytes())
                .isEqualTo(files.stream().mapToLong(RealStore::size).sum());
    }

    /** Its chunk files, wherever their directories lie. */
    private List<Path> files() {
        Path chunks = new StoreLayout(directory).chunks();
        try (Stream<Path> all = Files.walk(chunks, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(file -> file.getFileName().toString().length() == 2 * ChunkId.BYTES)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
