package dev.musicfs.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The address of a chunk: the SHA-256 (FIPS 180-4) of its bytes, as four big-endian words. */
public record ChunkId(long word0, long word1, long word2, long word3) {
    /** Length of an address in bytes. */
    public static final int BYTES = 32;

    /** The address of the bytes between position and limit, which stay where they are. */
    public static ChunkId of(ByteBuffer bytes) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes.duplicate());
            return read(ByteBuffer.wrap(sha256.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Reads the next {@link #BYTES} bytes of {@code from}. */
    public static ChunkId read(ByteBuffer from) {
        ByteBuffer bytes = from.slice(from.position(), BYTES);
        from.position(from.position() + BYTES);
        return new ChunkId(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** The address of these {@link #BYTES} bytes. */
    public static ChunkId ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an address has " + BYTES + " bytes, not " + bytes.length);
        }
        return read(ByteBuffer.wrap(bytes));
    }

    /** The address with this hexadecimal form; throws {@link IllegalArgumentException} for anything else. */
    public static ChunkId ofHex(String hex) {
        return ofBytes(HexFormat.of().parseHex(hex));
    }

    /** The address as bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(word0)
                .putLong(word1)
                .putLong(word2)
                .putLong(word3)
                .array();
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(word0);
    }

    @Override
    public String toString() {
        return hex();
    }
}
