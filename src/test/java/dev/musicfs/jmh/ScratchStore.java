package dev.musicfs.jmh;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.store.ChunkStores;
import dev.musicfs.chunk.store.DiskChunkStore;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A store of at most 1 GiB, as the daemon runs it, in a directory of its own under {@code java.io.tmpdir}; deleted when it
 * is closed. On another disk: {@code JDK_JAVA_OPTIONS=-Djava.io.tmpdir=/disk scripts/bench --jmh Chunk}.
 */
final class ScratchStore implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final DiskChunkStore store;

    private ScratchStore(Path directory, Durability durability) {
        this.directory = directory;
        CacheConfig defaults = DefaultConfig.CACHE;
        CacheConfig config =
                new CacheConfig(1L << 30, 0, 1L << 20, defaults.local(), durability, defaults.scrubInterval(), 0);
        store = ChunkStores.onDisk(directory.resolve("store"), config, Clock.system(), Stream::empty);
    }

    static ScratchStore open(Durability durability) throws IOException {
        ScratchStore scratch = new ScratchStore(Files.createTempDirectory("musicfs-jmh"), durability);
        scratch.store.start();
        boolean counted = scratch.store.awaitCountedBlocking(Deadline.in(PATIENCE));
        if (!counted || scratch.store.state() != StoreState.NORMAL) {
            scratch.close();
            throw new IllegalStateException("The store in " + scratch.directory + " does not open");
        }
        return scratch;
    }

    DiskChunkStore store() {
        return store;
    }

    /** Where to put files beside the store's. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        store.closeBlocking();
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
