package dev.musicfs.chunk.index;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Entries as bytes: last use (8), length (4), round (4), flags (1), CRC32C of the key and all this (4). */
final class IndexValue {
    private static final int CHECKED_BYTES = 17;
    private static final int BYTES = CHECKED_BYTES + 4;
    private static final int TAGS = 1;
    private static final int PINNED = 2;

    private IndexValue() {}

    static byte[] encode(byte[] key, IndexEntry entry) {
        int flags = (entry.evictionClass() == EvictionClass.TAGS ? TAGS : 0) | (entry.pinned() ? PINNED : 0);
        byte[] value = new byte[BYTES];
        ByteBuffer.wrap(value)
                .putLong(entry.lastUseNanos())
                .putInt(entry.fileBytes())
                .putInt(entry.round())
                .put((byte) flags)
                .putInt(crc(key, value));
        return value;
    }

    /** Throws {@link IllegalStateException} for anything that was not encoded for this key. */
    static IndexEntry decode(byte[] key, byte[] value) {
        if (key.length != ChunkId.BYTES || value.length != BYTES) {
            throw new IllegalStateException("an entry with " + key.length + " and " + value.length + " bytes");
        }
        ByteBuffer from = ByteBuffer.wrap(value);
        long lastUseNanos = from.getLong();
        int fileBytes = from.getInt();
        int round = from.getInt();
        int flags = from.get();
        if (from.getInt() != crc(key, value)) {
            throw new IllegalStateException("an entry whose checksum is wrong");
        }
        return new IndexEntry(
                fileBytes,
                (flags & TAGS) == 0 ? EvictionClass.AUDIO : EvictionClass.TAGS,
                (flags & PINNED) != 0,
                lastUseNanos,
                round);
    }

    private static int crc(byte[] key, byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(value, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }
}
