package dev.musicfs.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/**
 * What came of reading.
 *
 * @param bytes how many were read and were right
 * @param error what ended it, or nothing
 * @param slowest what the slowest call took
 */
record Outcome(long bytes, String error, Duration slowest) {
    private static final int PIECE_BYTES = 64 << 10;

    /** Whether everything came. */
    boolean isWhole() {
        return error.isEmpty();
    }

    /** Reads a part of a file as a player does, and compares it with the original's. */
    static Outcome read(Path file, Path original, long from, long length) throws IOException {
        byte[] wanted = Files.readAllBytes(original);
        long position = from;
        long slowest = 0;
        long end = Math.min(wanted.length, from + length);
        long begin = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (position < end) {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, end - position));
                begin = System.nanoTime();
                int read = channel.read(piece, position);
                slowest = Math.max(slowest, System.nanoTime() - begin);
                if (read <= 0) {
                    throw new AssertionError(file + " ends at " + position + " and not at " + wanted.length);
                }
                int at = Math.toIntExact(position);
                if (!Arrays.equals(wanted, at, at + read, piece.array(), 0, read)) {
                    throw new AssertionError(file + " has other bytes than its original at " + position);
                }
                position += read;
            }
            return new Outcome(position - from, "", Duration.ofNanos(slowest));
        } catch (IOException e) {
            slowest = Math.max(slowest, System.nanoTime() - begin);
            return new Outcome(position - from, String.valueOf(e.getMessage()), Duration.ofNanos(slowest));
        }
    }
}
