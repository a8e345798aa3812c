package dev.musicfs.chunk.disk;

import dev.musicfs.model.ChunkId;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Where things are under the store's directory: {@code chunks/ab/<address>} and {@code tmp/<name>.tmp}. */
public final class StoreLayout {
    /** How many levels are the store's own, from a shard upwards: what else is in their place is not. */
    static final int SHARD_LEVELS = 3;

    /** The same from the directory of unfinished files, or that of shards, upwards. */
    static final int TEMPORARY_LEVELS = 2;

    private static final String TEMPORARY = ".tmp";

    private final Path chunks;
    private final Path temporary;
    private final AtomicLong names = new AtomicLong();

    public StoreLayout(Path directory) {
        chunks = directory.resolve("chunks");
        temporary = directory.resolve("tmp");
    }

    /** The directory of shards. */
    public Path chunks() {
        return chunks;
    }

    /** The directory of unfinished files, on the same filesystem. */
    public Path temporary() {
        return temporary;
    }

    /** One of the 256 directories of chunk files, by the first byte of the address. */
    Path shard(int number) {
        return chunks.resolve(HexFormat.of().toHexDigits((byte) number));
    }

    public Path shardOf(ChunkId chunk) {
        return shard((int) (chunk.word0() >>> 56));
    }

    public Path file(ChunkId chunk) {
        return shardOf(chunk).resolve(chunk.hex());
    }

    /** A path for an unfinished file that this object has not given before. */
    Path nextTemporary(String stem) {
        return temporary.resolve(stem + "-" + names.incrementAndGet() + TEMPORARY);
    }

    static boolean isTemporary(Path file) {
        return file.getFileName().toString().endsWith(TEMPORARY);
    }

    /** The chunk whose file this would be; empty for names that the store does not give. */
    static Optional<ChunkId> chunkOf(Path shard, Path file) {
        String name = file.getFileName().toString();
        if (name.length() != 2 * ChunkId.BYTES
                || !name.startsWith(shard.getFileName().toString())) {
            return Optional.empty();
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return Optional.empty();
            }
        }
        return Optional.of(ChunkId.ofHex(name));
    }
}
