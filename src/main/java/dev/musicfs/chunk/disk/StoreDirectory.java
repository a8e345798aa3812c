package dev.musicfs.chunk.disk;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of a store and the file {@code format} in it, which says what the rest is. The store of a newer MusicFS
 * is refused as it is: its chunks may be all there is of an origin that is away, and going back to the newer version
 * should find them. A damaged {@code format} is written again, since every chunk file says what it is.
 */
public final class StoreDirectory {
    /** The format this program writes. */
    static final int FORMAT = 1;

    private static final String NAME = "format";
    private static final int MOST_BYTES = 64;
    private static final Pattern CONTENT = Pattern.compile("musicfs-store ([0-9]{1,6})\n");

    private final Path directory;

    public StoreDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes the directory, or finds that it is fit.
     *
     * @return whether there may be chunks in it
     * @throws MusicFsException {@code INVALID} for the store of a newer version, {@code REJECTED} without the permissions,
     *     {@code UNAVAILABLE} and others for what the disk says
     */
    public boolean prepareBlocking() {
        try {
            boolean used = Files.isDirectory(directory) && !isEmptyBlocking();
            Quarantine.makeDirectoryBlocking(directory, 1);
            OptionalInt format = formatBlocking();
            if (format.isPresent() && format.getAsInt() > FORMAT) {
                throw new MusicFsException(
                        FailureKind.INVALID,
                        "the cache in " + directory + " was written by a newer MusicFS (format " + format.getAsInt()
                                + ", this one knows " + FORMAT
                                + "); it is left as it is: upgrade MusicFS, choose another"
                                + " directory with --cache-dir, or delete this one");
            }
            if (format.isEmpty() || format.getAsInt() != FORMAT) {
                writeFormatBlocking();
            }
            return used;
        } catch (AccessDeniedException e) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    "the cache in " + directory + " cannot be used: permission denied on " + e.getFile()
                            + "; the user of this process needs to read, write and search it (u+rwx)",
                    e);
        } catch (IOException e) {
            throw MusicFsException.wrap("the cache in " + directory + " cannot be used", e);
        }
    }

    private boolean isEmptyBlocking() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    private OptionalInt formatBlocking() throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
            return OptionalInt.empty();
        }
        Matcher content =
                CONTENT.matcher(new String(AtomicFile.readBlocking(file, MOST_BYTES), StandardCharsets.US_ASCII));
        return content.matches() ? OptionalInt.of(Integer.parseInt(content.group(1))) : OptionalInt.empty();
    }

    private void writeFormatBlocking() throws IOException {
        AtomicFile.replaceBlocking(
                directory.resolve(NAME), ("musicfs-store " + FORMAT + "\n").getBytes(StandardCharsets.US_ASCII), 1);
    }
}
