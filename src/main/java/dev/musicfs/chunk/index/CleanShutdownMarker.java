package dev.musicfs.chunk.index;

import dev.musicfs.chunk.disk.AtomicFile;
import dev.musicfs.chunk.disk.Quarantine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Says that an index file was closed in order and is exactly this one. MapDB without a log cannot tell by itself.
 *
 * @param file its name
 * @param bytes its length
 * @param crc CRC32C of all its bytes
 * @param totals sums over its entries
 * @param round the last round of counting
 */
record CleanShutdownMarker(String file, long bytes, int crc, IndexTotals totals, int round) {
    private static final String FORMAT = "musicfs-chunk-index-1";
    private static final int MAX_BYTES = 1024;
    private static final int FIELDS = 10;

    /** The marker in a file; empty for none, a damaged one or one of another version. */
    static Optional<CleanShutdownMarker> readBlocking(Path marker) {
        try {
            String[] fields =
                    new String(AtomicFile.readBlocking(marker, MAX_BYTES), StandardCharsets.US_ASCII).split(" ", -1);
            if (fields.length != FIELDS || !fields[0].equals(FORMAT)) {
                return Optional.empty();
            }
            CleanShutdownMarker read = new CleanShutdownMarker(
                    fields[1],
                    Long.parseLong(fields[2]),
                    Integer.parseInt(fields[3]),
                    new IndexTotals(
                            Long.parseLong(fields[4]),
                            Long.parseLong(fields[5]),
                            Long.parseLong(fields[6]),
                            Long.parseLong(fields[7])),
                    Integer.parseInt(fields[8]));
            return fields[9].equals(read.check()) ? Optional.of(read) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Describes a closed index file. */
    static CleanShutdownMarker ofBlocking(Path index, IndexTotals totals, int round) throws IOException {
        return new CleanShutdownMarker(
                index.getFileName().toString(), Files.size(index), crcBlocking(index), totals, round);
    }

    /** Whether this describes the file there. Reads all of it: MapDB must not get to see damaged bytes. */
    boolean fitsBlocking(Path index) {
        try {
            return Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(index) == bytes
                    && crcBlocking(index) == crc;
        } catch (IOException e) {
            return false;
        }
    }

    /** Puts it on the disk, whole or not at all. */
    void writeBlocking(Path marker) throws IOException {
        AtomicFile.replaceBlocking(marker, (fields() + ' ' + check()).getBytes(StandardCharsets.US_ASCII), 2);
    }

    /** Takes it away and makes sure that a power cut does not bring it back. */
    static void removeBlocking(Path marker) throws IOException {
        Quarantine.clearForFileBlocking(marker);
        if (Files.deleteIfExists(marker)) {
            try (FileChannel directory =
                    FileChannel.open(marker.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private String fields() {
        return String.join(
                " ",
                FORMAT,
                file,
                Long.toString(bytes),
                Integer.toString(crc),
                Long.toString(totals.chunks()),
                Long.toString(totals.usedBytes()),
                Long.toString(totals.tagsBytes()),
                Long.toString(totals.pinnedBytes()),
                Integer.toString(round));
    }

    private String check() {
        CRC32C crc32c = new CRC32C();
        crc32c.update(fields().getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc32c.getValue());
    }

    private static int crcBlocking(Path index) throws IOException {
        CRC32C crc32c = new CRC32C();
        try (FileChannel channel = FileChannel.open(index, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            while (channel.read(buffer) >= 0) {
                crc32c.update(buffer.flip());
                buffer.clear();
            }
        }
        return (int) crc32c.getValue();
    }
}
