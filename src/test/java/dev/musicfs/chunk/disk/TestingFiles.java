package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Chunk files on a disk that can be made to fail, and what tests ask of them. */
public final class TestingFiles implements AutoCloseable {
    final FaultyDisk disk = new FaultyDisk();
    final ManualClock clock = new ManualClock();
    final List<String> changes = new ArrayList<>();
    public final StoreLayout layout;
    final DiskHealth health;
    public final DiskChunkFiles files;

    public TestingFiles(Path directory) {
        this(directory, Durability.FAST, 4);
    }

    public TestingFiles(Path directory, Durability durability, int openFiles) {
        layout = new StoreLayout(directory);
        health = new DiskHealth(
                clock,
                new DiskProbe(layout, disk),
                DiskHealth.Bounds.DEFAULTS,
                (from, to, reason) -> changes.add(from + " " + to));
        files = new DiskChunkFiles(directory, disk, health, durability, openFiles, DiskChunkFiles.SEGMENT_BYTES);
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    ChunkId write(byte[] bytes) {
        ChunkId chunk = ChunkId.of(ByteBuffer.wrap(bytes));
        files.writeBlocking(chunk, ByteBuffer.wrap(bytes), EvictionClass.AUDIO);
        return chunk;
    }

    byte[] read(ChunkId chunk, int offset, int length) {
        ByteBuffer dst = ByteBuffer.allocateDirect(length);
        files.readBlocking(chunk, offset, dst);
        byte[] read = new byte[length];
        dst.flip().get(read);
        return read;
    }

    List<Path> temporaries() {
        if (!Files.exists(layout.temporary())) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(layout.temporary())) {
            return paths.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
