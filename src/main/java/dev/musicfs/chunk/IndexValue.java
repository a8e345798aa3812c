package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An entry as the index keeps it: length, tier, pin, last use, and a CRC32C over these and the chunk's address. */
final class IndexValue {
    private static final int BODY_BYTES = Long.BYTES + 1 + Long.BYTES;
    private static final int BYTES = BODY_BYTES + Integer.BYTES;
    private static final int TAGS_BIT = 1;
    private static final int PINNED_BIT = 2;

    private IndexValue() {}

    static byte[] encode(byte[] key, Entry entry) {
        int flags = (entry.tier() == Tier.TAGS ? TAGS_BIT : 0) | (entry.pinned() ? PINNED_BIT : 0);
        ByteBuffer value = ByteBuffer.allocate(BYTES)
                .putLong(entry.fileBytes())
                .put((byte) flags)
                .putLong(entry.lastUseNanos());
        value.putInt(checksum(key, value.array()));
        return value.array();
    }

    /** Null stays null; bytes that are not what {@link #encode} made of this key are refused. */
    static @Nullable Entry decode(byte[] key, byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        if (value.length != BYTES || bytes.getInt(BODY_BYTES) != checksum(key, value)) {
            throw new IllegalStateException("a damaged entry");
        }
        int flags = bytes.get(Long.BYTES);
        return new Entry(
                bytes.getLong(0),
                (flags & TAGS_BIT) != 0 ? Tier.TAGS : Tier.AUDIO,
                (flags & PINNED_BIT) != 0,
                bytes.getLong(Long.BYTES + 1));
    }

    private static int checksum(byte[] key, byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(value, 0, BODY_BYTES);
        return (int) crc.getValue();
    }
}
