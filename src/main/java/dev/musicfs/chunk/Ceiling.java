package dev.musicfs.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * A number on the disk that the sum of the chunk files never exceeds. After a crash it stands for the sum until the files
 * have been counted, so that the bound holds then as well. It is raised in steps: one small forced write for every 64th
 * part of the store.
 */
final class Ceiling {
    private static final int BYTES = 16;
    private static final int STEPS = 64;

    private final Path file;
    private final long stepBytes;
    private long ceiling;

    /** For a store of this size. */
    Ceiling(Path file, long sizeBytes) {
        this.file = file;
        this.stepBytes = sizeBytes / STEPS;
    }

    /** The number on the disk; {@code otherwise} when there is none or it is damaged. */
    synchronized long loadBlocking(long otherwise) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer from = ByteBuffer.wrap(bytes);
            ceiling = bytes.length == BYTES && from.getLong(Long.BYTES) == crc(bytes) ? from.getLong(0) : otherwise;
        } catch (IOException e) {
            ceiling = otherwise;
        }
        return ceiling;
    }

    /** Returns when so many bytes may be on the disk. */
    synchronized void raiseBlocking(long bytes) throws IOException {
        if (bytes > ceiling) {
            writeBlocking(bytes + stepBytes);
        }
    }

    /**
     * Lowers it to what is on the disk and a step. Asks for that under the lock: who reserves later raises it later.
     */
    synchronized void settleBlocking(LongSupplier filledBytes) throws IOException {
        writeBlocking(filledBytes.getAsLong() + stepBytes);
    }

    private void writeBlocking(long bytes) throws IOException {
        byte[] content = new byte[BYTES];
        ByteBuffer to = ByteBuffer.wrap(content).putLong(bytes);
        to.putLong(crc(content)).flip();
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            while (to.hasRemaining()) {
                channel.write(to);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        ceiling = bytes;
    }

    private static long crc(byte[] content) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(content, 0, Long.BYTES);
        return crc32c.getValue();
    }
}
