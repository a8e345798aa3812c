package dev.musicfs.chunk.store;

import dev.musicfs.chunk.disk.StoreLayout;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Everything a store has on its disk. */
enum StorePart {
    STORE(true, false),
    FORMAT(false, true),
    RESERVATION(false, false),
    UNFINISHED_RESERVATION(false, false),
    CHUNKS(true, false),
    SHARD(true, false),
    CHUNK(false, true),
    TEMPORARY(true, false),
    INDEX(true, false),
    INDEX_FILE(false, false),
    MARKER(false, true),
    UNFINISHED_MARKER(false, false);

    final boolean isDirectory;
    final boolean isVersioned;

    StorePart(boolean isDirectory, boolean isVersioned) {
        this.isDirectory = isDirectory;
        this.isVersioned = isVersioned;
    }

    /** Where it is; the chunk is the one whose file and shard are meant. */
    Path in(Path store, ChunkId chunk) throws IOException {
        StoreLayout layout = new StoreLayout(store);
        return switch (this) {
            case STORE -> store;
            case FORMAT -> store.resolve("format");
            case RESERVATION -> store.resolve("reservation");
            case UNFINISHED_RESERVATION -> store.resolve("reservation.tmp");
            case CHUNKS -> layout.chunks();
            case SHARD -> layout.shardOf(chunk);
            case CHUNK -> layout.file(chunk);
            case TEMPORARY -> layout.temporary();
            case INDEX -> store.resolve("index");
            case INDEX_FILE -> indexFile(store.resolve("index"));
            case MARKER -> store.resolve("index/clean");
            case UNFINISHED_MARKER -> store.resolve("index/clean.tmp");
        };
    }

    /** Whether a chunk may be gone when this part is. */
    boolean holds(ChunkId damaged, ChunkId chunk) {
        return switch (this) {
            case STORE, CHUNKS -> true;
            case SHARD -> damaged.word0() >>> 56 == chunk.word0() >>> 56;
            case CHUNK -> damaged.equals(chunk);
            case FORMAT, RESERVATION, UNFINISHED_RESERVATION, TEMPORARY, INDEX, INDEX_FILE, MARKER, UNFINISHED_MARKER ->
                false;
        };
    }

    void makeNewer(Path path) throws IOException {
        if (this == CHUNK) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(2).putShort((short) 2).flip(), 8);
            }
        } else {
            Files.writeString(path, Files.readString(path).replaceFirst("([a-z])[- ]1", "$1-2"));
        }
    }

    private static Path indexFile(Path index) throws IOException {
        try (Stream<Path> files = Files.list(index)) {
            return files.filter(file -> file.getFileName().toString().matches("chunks-[0-9]+\\.mapdb"))
                    .findAny()
                    .orElseThrow();
        }
    }
}
