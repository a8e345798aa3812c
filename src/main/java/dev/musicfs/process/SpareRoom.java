package dev.musicfs.process;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.Inodes;
import dev.musicfs.runtime.TrialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A megabyte of the cache's disk in a few files, kept taken while all is well and let go for a start that finds the disk
 * full: SQLite cannot even read a catalog without room for its log and the index of that, and no socket can be made. The
 * caller holds the lock of the cache directory.
 */
public final class SpareRoom {
    /** Log, its index, socket, index of the chunks, and as many again. */
    private static final int FILES = 16;

    private static final int FILE_BYTES = 64 * 1024;
    /** With less than this nothing is taken: what runs needs it sooner. */
    private static final long MUCH_BYTES = 8L << 20;

    /** The same in files. */
    private static final int MANY_FILES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(SpareRoom.class);

    private final Path cacheDir;
    private final Path directory;

    /** Nothing is touched. */
    public SpareRoom(Path cacheDir) {
        this.cacheDir = cacheDir;
        this.directory = CacheEntry.SPARE.in(cacheDir);
    }

    /** Takes what is not taken of it, if there is much room, of which what runs may need some. */
    public void keepBlocking() {
        try {
            boolean room =
                    Files.getFileStore(cacheDir).getUsableSpace() >= MUCH_BYTES && freeFilesBlocking() >= MANY_FILES;
            if (room) {
                takeBlocking();
            }
        } catch (IOException e) {
            LOG.debug("No more room is kept in {}: {}", directory, e.getMessage());
        }
    }

    /** Takes what is not taken of it as far as there is room, at the end of what ran: the next start will let it go again. */
    public void keepWhatFitsBlocking() {
        try {
            takeBlocking();
        } catch (IOException e) {
            LOG.debug("No more room is kept in {}: {}", directory, e.getMessage());
        }
    }

    private void takeBlocking() throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory);
        }
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : files()) {
                takeBlocking(file);
            }
        }
    }

    private long freeFilesBlocking() {
        return Inodes.freeBlocking(cacheDir).orElse(Long.MAX_VALUE);
    }

    private static void takeBlocking(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.size(file) == FILE_BYTES) {
                return;
            }
            Files.delete(file); // that of a process or a machine that ended meanwhile
        }
        TrialFile.writeBlocking(file, FILE_BYTES);
    }

    /** Lets all of it go if there is not as much other room; whether there was some to let go. */
    public boolean letGoIfFullBlocking() {
        if (!isFullBlocking() || !letGoBlocking()) {
            return false;
        }
        LOG.warn("The disk of {} is full. The room that was kept for this is let go; make room on it.", cacheDir);
        return true;
    }

    private boolean isFullBlocking() {
        // One file that can still be made is not enough.
        if (freeFilesBlocking() < FILES || TrialFile.isRefusedBlocking(cacheDir.resolve("spare.tmp"), FILE_BYTES)) {
            return true;
        }
        try {
            return Files.getFileStore(cacheDir).getUsableSpace() < (long) FILES * FILE_BYTES;
        } catch (IOException e) {
            return MusicFsException.kindOf(e) == FailureKind.NO_SPACE;
        }
    }

    private boolean letGoBlocking() {
        boolean any = false;
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : files()) {
                try {
                    any |= Files.deleteIfExists(file);
                } catch (IOException e) {
                    LOG.debug("{} cannot be let go: {}", file, e.getMessage());
                }
            }
        }
        return any;
    }

    private List<Path> files() {
        return IntStream.rangeClosed(1, FILES)
                .mapToObj(number -> directory.resolve(Integer.toString(number)))
                .toList();
    }
}
