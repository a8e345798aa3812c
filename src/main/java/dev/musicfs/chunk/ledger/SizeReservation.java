package dev.musicfs.chunk.ledger;

import dev.musicfs.chunk.disk.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A number on the disk that the sum of the chunk files never exceeds: the size reserved in advance. After a crash it stands
 * for the sum until the files have been counted, so that the bound holds then as well. It is raised in steps: one small
 * forced write for every 64th part of the store.
 */
public final class SizeReservation {
    private static final Logger LOG = LoggerFactory.getLogger(SizeReservation.class);
    private static final int BYTES = 16;
    private static final int STEPS = 64;
    private static final int BOUND_SECONDS = 10;

    private final Path file;
    private volatile long stepBytes;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile long reservation;

    /** For a store of this size. */
    public SizeReservation(Path file, long sizeBytes) {
        this.file = file;
        this.stepBytes = sizeBytes / STEPS;
    }

    /** For a store of another size from now on. */
    public void resize(long sizeBytes) {
        stepBytes = sizeBytes / STEPS;
    }

    /** The number on the disk; {@code otherwise} when there is none or it is damaged. */
    public long loadBlocking(long otherwise) {
        try {
            byte[] bytes = AtomicFile.readBlocking(file, BYTES);
            ByteBuffer from = ByteBuffer.wrap(bytes);
            reservation = bytes.length == BYTES && from.getLong(Long.BYTES) == crc(bytes) ? from.getLong(0) : otherwise;
        } catch (IOException e) {
            reservation = otherwise;
        }
        return reservation;
    }

    /** Returns when so many bytes may be on the disk. Fails when the disk does not take the number within 10 seconds. */
    void raiseBlocking(LongSupplier filledBytes) throws IOException {
        if (filledBytes.getAsLong() <= reservation) {
            return;
        }
        lock();
        try {
            long bytes = filledBytes.getAsLong();
            if (bytes > reservation) {
                writeBlocking(bytes + stepBytes);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Lowers it to what is on the disk and a step. */
    void settleBlocking(LongSupplier filledBytes) throws IOException {
        lock();
        try {
            // Before the sum is taken: a writer that comes after that finds no reservation and waits for the new one.
            reservation = Long.MIN_VALUE;
            writeBlocking(filledBytes.getAsLong() + stepBytes);
        } finally {
            writing.unlock();
        }
    }

    /** The same, if the disk allows it: one that is too high only costs room after a crash. */
    public void settleIfPossibleBlocking(LongSupplier filledBytes) {
        try {
            settleBlocking(filledBytes);
        } catch (IOException e) {
            LOG.debug("The cache could not note its size", e);
        }
    }

    private void lock() throws IOException {
        try {
            if (!writing.tryLock(BOUND_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the disk does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void writeBlocking(long bytes) throws IOException {
        byte[] content = new byte[BYTES];
        ByteBuffer to = ByteBuffer.wrap(content).putLong(bytes);
        to.putLong(crc(content));
        AtomicFile.replaceBlocking(file, content, 1);
        reservation = bytes;
    }

    private static long crc(byte[] content) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(content, 0, Long.BYTES);
        return crc32c.getValue();
    }
}
