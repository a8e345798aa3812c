package dev.musicfs.chunk.disk;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first page of a chunk file; the chunk's bytes follow at {@link #BYTES}. All numbers are big-endian.
 *
 * <pre>
 *  0  magic "MFSCHUNK"
 *  8  format version, 2 bytes
 * 10  binary logarithm of the segment length, 1 byte; 1 byte zero
 * 12  length of the chunk, 4 bytes
 * 16  address, 32 bytes
 * 48  CRC32C of the page without this field and the next, 4 bytes
 * 52  eviction class, 1 byte, rewritten in place; 3 bytes zero
 * 56  CRC32C of each segment, 4 bytes each; zero to the end of the page
 * </pre>
 *
 * <p>It takes a whole page, because chunk sizes are mostly powers of two: behind a shorter header the file would take as
 * many blocks of the disk, and every segment would lie across one page more.
 */
public final class ChunkHeader {
    /** Length of the header, and where the chunk's bytes begin. */
    public static final int BYTES = 4096;

    /** Where the eviction class is. */
    static final int EVICTION_CLASS_AT = 52;

    private static final long MAGIC = 0x4d46534348554e4bL;
    private static final short VERSION = 1;
    private static final int CHECKSUM_AT = 48;
    private static final int AFTER_EVICTION_CLASS = 56;
    private static final int MIN_SHIFT = 12;
    private static final int MAX_SHIFT = 16;

    private final ChunkId chunk;
    private final int chunkBytes;
    private final int segmentBytes;
    private final EvictionClass evictionClass;
    private final int[] checksums;

    private ChunkHeader(ChunkId chunk, int chunkBytes, int segmentBytes, EvictionClass evictionClass, int[] checksums) {
        this.chunk = chunk;
        this.chunkBytes = chunkBytes;
        this.segmentBytes = segmentBytes;
        this.evictionClass = evictionClass;
        this.checksums = checksums;
    }

    /** The header of a chunk whose bytes are between position and limit, neither of which changes. */
    static ChunkHeader of(ChunkId chunk, ByteBuffer bytes, EvictionClass evictionClass, int segmentBytes) {
        int chunkBytes = bytes.remaining();
        int[] checksums = new int[segments(chunkBytes, segmentBytes)];
        for (int i = 0; i < checksums.length; i++) {
            int from = i * segmentBytes;
            checksums[i] = checksum(
                    bytes.slice(bytes.position() + from, Math.min(segmentBytes, chunkBytes - from)), new CRC32C());
        }
        return new ChunkHeader(chunk, chunkBytes, segmentBytes, evictionClass, checksums);
    }

    /** Writes to the first {@link #BYTES} bytes of {@code page} and sets position and limit around them. */
    void writeTo(ByteBuffer page) {
        page.clear().limit(BYTES);
        page.putLong(MAGIC).putShort(VERSION);
        page.put((byte) Integer.numberOfTrailingZeros(segmentBytes)).put((byte) 0);
        page.putInt(chunkBytes).put(chunk.toBytes()).putInt(0);
        page.putInt(evictionCode(evictionClass) << 24);
        for (int checksum : checksums) {
            page.putInt(checksum);
        }
        while (page.hasRemaining()) {
            page.put((byte) 0);
        }
        page.putInt(CHECKSUM_AT, pageChecksum(page)).flip();
    }

    /** Reads a header from the first {@link #BYTES} bytes of {@code page}; fails unless it is that of {@code expected}. */
    static ChunkHeader parse(ByteBuffer page, ChunkId expected) throws DamagedChunkException {
        if (page.getLong(0) != MAGIC || page.getShort(8) != VERSION) {
            throw new DamagedChunkException("is not a chunk of this format");
        }
        if (page.getInt(CHECKSUM_AT) != pageChecksum(page)) {
            throw new DamagedChunkException("has a damaged header");
        }
        int shift = page.get(10);
        int chunkBytes = page.getInt(12);
        if (shift < MIN_SHIFT || shift > MAX_SHIFT || chunkBytes < 1 || chunkBytes > ChunkStore.MAX_CHUNK_BYTES) {
            throw new DamagedChunkException("has a header that makes no sense");
        }
        if (!ChunkId.read(page.slice(16, ChunkId.BYTES)).equals(expected)) {
            throw new DamagedChunkException("is another chunk");
        }
        EvictionClass evictionClass = evictionClass(page.getInt(EVICTION_CLASS_AT));
        int[] checksums = new int[segments(chunkBytes, 1 << shift)];
        for (int i = 0; i < checksums.length; i++) {
            checksums[i] = page.getInt(AFTER_EVICTION_CLASS + i * Integer.BYTES);
        }
        return new ChunkHeader(expected, chunkBytes, 1 << shift, evictionClass, checksums);
    }

    /** The code of an eviction class; the two codes differ in three bits. */
    static byte evictionCode(EvictionClass evictionClass) {
        return switch (evictionClass) {
            case AUDIO -> 'A';
            case TAGS -> 'T';
        };
    }

    static int checksum(ByteBuffer bytes, CRC32C crc) {
        crc.reset();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    ChunkId chunk() {
        return chunk;
    }

    int chunkBytes() {
        return chunkBytes;
    }

    int segmentBytes() {
        return segmentBytes;
    }

    EvictionClass evictionClass() {
        return evictionClass;
    }

    long fileBytes() {
        return (long) BYTES + chunkBytes;
    }

    /** Number of segments, of which only the last may be shorter than {@link #segmentBytes}. */
    int segments() {
        return checksums.length;
    }

    int segmentChecksum(int segment) {
        return checksums[segment];
    }

    private static int segments(int chunkBytes, int segmentBytes) {
        return (chunkBytes + segmentBytes - 1) / segmentBytes;
    }

    private static int pageChecksum(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.slice(0, CHECKSUM_AT));
        crc.update(page.slice(AFTER_EVICTION_CLASS, BYTES - AFTER_EVICTION_CLASS));
        return (int) crc.getValue();
    }

    private static EvictionClass evictionClass(int field) throws DamagedChunkException {
        for (EvictionClass evictionClass : EvictionClass.values()) {
            if (field == evictionCode(evictionClass) << 24) {
                return evictionClass;
            }
        }
        throw new DamagedChunkException("has no eviction class");
    }
}
