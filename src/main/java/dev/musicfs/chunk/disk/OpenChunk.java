package dev.musicfs.chunk.disk;

import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/** An open chunk file with its header. Safe for many threads; {@code scratch} is a caller's own {@link SegmentBuffers}. */
final class OpenChunk {
    /** Guarded by the lock of {@link OpenChunks}. */
    int users;

    /** Whether it is closed when the last user leaves; written under the lock of {@link OpenChunks}. */
    volatile boolean retired;

    private final FileChannel file;
    private final ChunkHeader header;
    private volatile boolean proven;

    private OpenChunk(FileChannel file, ChunkHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Takes over {@code file}, which should be that of {@code chunk}; on failure the caller closes it. */
    static OpenChunk of(FileChannel file, ChunkId chunk, ByteBuffer scratch) throws IOException, DamagedChunkException {
        scratch.clear().limit(ChunkHeader.BYTES);
        fill(file, scratch, 0);
        ChunkHeader header = ChunkHeader.parse(scratch, chunk);
        if (file.size() != header.fileBytes()) {
            throw new DamagedChunkException("has " + file.size() + " bytes instead of " + header.fileBytes());
        }
        return new OpenChunk(file, header);
    }

    ChunkHeader header() {
        return header;
    }

    /** Fills {@code dst} from {@code offset}, every byte checked. The range is inside the chunk. */
    void read(int offset, ByteBuffer dst, ByteBuffer scratch) throws IOException, DamagedChunkException {
        CRC32C crc = new CRC32C();
        int segmentBytes = header.segmentBytes();
        int at = offset;
        int end = offset + dst.remaining();
        int wholeEnd = end == header.chunkBytes() ? end : end - end % segmentBytes;
        while (at < end) {
            // A heap buffer goes through ours: the JDK would copy through a buffer that it keeps per thread.
            if (dst.isDirect() && at % segmentBytes == 0 && at < wholeEnd) {
                readWhole(at, dst.slice(dst.position(), wholeEnd - at), crc);
                dst.position(dst.position() + wholeEnd - at);
                at = wholeEnd;
            } else {
                int segment = at / segmentBytes;
                readSegment(segment, scratch, crc);
                int from = at - segment * segmentBytes;
                int length = Math.min(end - at, scratch.limit() - from);
                dst.put(dst.position(), scratch, from, length).position(dst.position() + length);
                at += length;
            }
        }
    }

    /** Compares the address with the bytes, once in a run of the program; other callers wait for the first. */
    void prove(VerifiedChunks verified, ByteBuffer scratch) throws IOException, DamagedChunkException {
        if (proven) {
            return;
        }
        synchronized (this) {
            if (!proven && !verified.contains(header.chunk())) {
                verify(scratch);
                verified.add(header.chunk());
            }
            proven = true;
        }
    }

    /** Compares the address with the bytes. */
    void verify(ByteBuffer scratch) throws IOException, DamagedChunkException {
        MessageDigest sha256 = sha256();
        CRC32C crc = new CRC32C();
        for (int segment = 0; segment < header.segments(); segment++) {
            readSegment(segment, scratch, crc);
            sha256.update(scratch);
        }
        if (!MessageDigest.isEqual(sha256.digest(), header.chunk().toBytes())) {
            throw new DamagedChunkException("does not have the bytes of its address");
        }
    }

    /** Closes the file; a failure is ignored. */
    void close() {
        try {
            file.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    private void readSegment(int segment, ByteBuffer scratch, CRC32C crc) throws IOException, DamagedChunkException {
        int from = segment * header.segmentBytes();
        scratch.clear().limit(Math.min(header.segmentBytes(), header.chunkBytes() - from));
        fill(file, scratch, (long) ChunkHeader.BYTES + from);
        scratch.flip();
        check(segment, scratch.slice(), crc);
    }

    private void readWhole(int from, ByteBuffer target, CRC32C crc) throws IOException, DamagedChunkException {
        fill(file, target, (long) ChunkHeader.BYTES + from);
        int segment = from / header.segmentBytes();
        for (int at = 0; at < target.capacity(); at += header.segmentBytes()) {
            check(segment++, target.slice(at, Math.min(header.segmentBytes(), target.capacity() - at)), crc);
        }
    }

    private void check(int segment, ByteBuffer bytes, CRC32C crc) throws DamagedChunkException {
        if (ChunkHeader.checksum(bytes, crc) != header.segmentChecksum(segment)) {
            throw new DamagedChunkException("is damaged in segment " + segment);
        }
    }

    private static void fill(FileChannel file, ByteBuffer target, long position)
            throws IOException, DamagedChunkException {
        int start = target.position();
        while (target.hasRemaining()) {
            if (file.read(target, position + target.position() - start) < 0) {
                throw new DamagedChunkException("is too short");
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
