package dev.musicfs.chunk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that an index was closed in order, which one, and what its sums were: one line, with a CRC32C at its end. It is
 * taken away before the index is opened, so a program that is killed leaves none.
 */
final class CleanMarker {
    /** The names of index files. */
    static final String INDEX_FILES = "index-*.db*";

    private static final Logger LOG = LoggerFactory.getLogger(CleanMarker.class);
    private static final String NAME = "index.clean";
    private static final Pattern LINE = Pattern.compile(
            "v1 (index-[0-9]{1,18}\\.db) size=([0-9]+) chunks=([0-9]+) used=([0-9]+) tags=([0-9]+) pinned=([0-9]+)");
    private static final Pattern INDEX_FILE = Pattern.compile("index-([0-9]{1,18})\\.db.*");

    private final Path directory;

    /** What it says. */
    record Content(String fileName, Ledger.Sums sums) {}

    CleanMarker(Path directory) {
        this.directory = directory;
    }

    static String indexFile(long number) {
        return "index-" + number + ".db";
    }

    /** 0 for other names. */
    static long numberOf(Path indexFile) {
        Matcher matcher = INDEX_FILE.matcher(indexFile.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** What it says, if it is there and fits the file it names; it is gone afterwards, or nothing is given. */
    Optional<Content> takeBlocking() {
        try {
            String text = Files.readString(directory.resolve(NAME), StandardCharsets.US_ASCII);
            Files.delete(directory.resolve(NAME));
            int end = text.lastIndexOf(' ');
            Matcher matcher = LINE.matcher(end < 0 ? "" : text.substring(0, end));
            if (!matcher.matches() || !text.substring(end + 1).equals(checksum(matcher.group()))) {
                return Optional.empty();
            }
            Path index = directory.resolve(matcher.group(1));
            if (!Files.isRegularFile(index) || Files.size(index) != Long.parseLong(matcher.group(2))) {
                return Optional.empty();
            }
            return Optional.of(new Content(
                    matcher.group(1),
                    new Ledger.Sums(
                            Long.parseLong(matcher.group(3)),
                            Long.parseLong(matcher.group(4)),
                            Long.parseLong(matcher.group(5)),
                            Long.parseLong(matcher.group(6)))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            LOG.warn("The marker of the cache's index cannot be used, so that is made anew: {}", e.toString());
            return Optional.empty();
        }
    }

    void writeBlocking(Path indexFile, Ledger.Sums sums) throws IOException {
        String line = "v1 " + indexFile.getFileName() + " size=" + Files.size(indexFile) + " chunks=" + sums.chunks()
                + " used=" + sums.usedBytes() + " tags=" + sums.tagsBytes() + " pinned=" + sums.pinnedBytes();
        Path part = directory.resolve(NAME + ".tmp");
        Files.writeString(part, line + " " + checksum(line), StandardCharsets.US_ASCII);
        Files.move(part, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    void removeBlocking() throws IOException {
        Files.deleteIfExists(directory.resolve(NAME));
    }

    private static String checksum(String line) {
        CRC32C crc = new CRC32C();
        crc.update(line.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }
}
