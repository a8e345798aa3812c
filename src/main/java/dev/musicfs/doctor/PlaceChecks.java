package dev.musicfs.doctor;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.posix.Inodes;
import dev.musicfs.posix.MountTable;
import dev.musicfs.posix.OwnDirectory;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where it mounts and where it keeps what it knows. */
final class PlaceChecks {
    private static final String INODES = "cache inodes";
    private static final List<String> FAR = List.of("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p");

    /** About what a chunk is large: those that scans for tags read, and those that players do. */
    private static final long TAGS_CHUNK_BYTES = 64 << 10;

    private static final long CHUNK_BYTES = 512 << 10;
    /** What there is beside chunks: the directories of the store, its index, the catalog with its backups, the log. */
    private static final long OTHER_FILES = 512;
    /** What is not counted by then is not counted: the warning says "about". */
    private static final Duration COUNTING = Duration.ofSeconds(3);

    private final MusicFsConfig config;
    private final MountTable mounts;
    private final Function<Path, Optional<Inodes>> inodes;

    /** @param inodes those of a path's file system, as {@link Inodes#ofBlocking}; may block */
    PlaceChecks(MusicFsConfig config, MountTable mounts, Function<Path, Optional<Inodes>> inodes) {
        this.config = config;
        this.mounts = mounts;
        this.inodes = inodes;
    }

    List<Check> all() {
        return List.of(
                Check.of("mountpoint", this::mountPoint),
                Check.of("cache directory", this::cacheDirectory),
                Check.of("cache disk", this::cacheDisk),
                Check.of(INODES, this::cacheInodes),
                Check.of("catalog", this::catalog));
    }

    private Finding mountPoint() throws IOException {
        Optional<Path> wanted = config.mountPoint();
        if (wanted.isEmpty()) {
            return Finding.note("mountpoint", "None is configured; it is named on the command line.");
        }
        Path path = mounts.placeBlocking(wanted.get());
        Optional<String> overlap = OriginCheck.overlapBlocking(config, path);
        if (overlap.isPresent()) {
            return Finding.broken("mountpoint", "It cannot be mounted on: " + overlap.get() + ".", "Name another.");
        }
        // Looking at a mount whose daemon hangs would hang this thread as well, so the mount table is read first.
        Optional<MountTable.Mount> mount = mounts.at(path);
        if (mount.isPresent() && mount.get().isMusicFs()) {
            return Finding.ok("mountpoint", "MusicFS is mounted on " + path + ", or was: a dead mount is replaced.");
        }
        if (mount.isPresent() && mount.get().isFuse()) {
            return Finding.broken(
                    "mountpoint",
                    path + " is mounted by " + mount.get().source() + ".",
                    "Unmount it, or name another directory.");
        }
        if (!Files.isDirectory(path)) {
            return Finding.broken("mountpoint", path + " is no directory.", "Run: mkdir -p " + path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty()
                    ? Finding.ok("mountpoint", path + " is an empty directory.")
                    : Finding.broken("mountpoint", path + " is not empty.", "Name an empty directory.");
        }
    }

    private Finding cacheDirectory() throws IOException {
        Path directory = config.cacheDir();
        if (Files.notExists(directory)) {
            Path above = existing(directory.getParent());
            return above != null && Files.isWritable(above)
                    ? Finding.ok("cache directory", directory + " does not exist yet and can be made.")
                    : Finding.broken(
                            "cache directory",
                            directory + " does not exist, and " + above + " cannot be written by this user.",
                            "Make it for the user of the daemon, or name another with cache_dir.");
        }
        if (!Files.isDirectory(directory)) {
            return Finding.broken(
                    "cache directory",
                    directory + " is no directory.",
                    "Move it away, or name another with cache_dir.");
        }
        Optional<String> objection = OwnDirectory.objectionBlocking(directory, CacheEntry.names());
        if (objection.isPresent()) {
            return Finding.broken(
                    "cache directory", directory + " is not safe from other users.", "It " + objection.get() + ".");
        }
        boolean fit = Files.isReadable(directory) && Files.isWritable(directory) && Files.isExecutable(directory);
        return fit
                ? Finding.ok("cache directory", directory + " can be read and written.")
                : Finding.broken(
                        "cache directory",
                        directory + " cannot be read and written by this user.",
                        "Give it to the user of the daemon: chown -R USER " + directory + " && chmod u+rwx "
                                + directory);
    }

    private Finding cacheDisk() throws IOException {
        Path at = existing(config.cacheDir());
        if (at == null || config.cache().sizeBytes() == 0) {
            return Finding.note("cache disk", "Nothing is stored (cache.size is 0).");
        }
        FileStore disk = Files.getFileStore(at);
        if (disk.isReadOnly()) {
            return Finding.broken(
                    "cache disk",
                    "The disk of " + at + " is read-only.",
                    "Remount it, or name another with cache_dir.");
        }
        if (FAR.contains(disk.type())) {
            return Finding.warning(
                    "cache disk",
                    at + " is on " + disk.type() + ", a network share.",
                    "Keep the cache on a local disk.");
        }
        long free = disk.getUsableSpace();
        if (free <= config.cache().minFreeBytes()) {
            return Finding.warning(
                    "cache disk",
                    "The disk of " + at + " has " + (free >> 20) + " MiB free, and cache.min_free keeps "
                            + (config.cache().minFreeBytes() >> 20) + " MiB free: nothing more is stored.",
                    "Free space on it, or lower cache.min_free.");
        }
        return Finding.ok(
                "cache disk", "The disk of " + at + " (" + disk.type() + ") has " + (free >> 20) + " MiB free.");
    }

    /** Each chunk is a file, and file systems such as ext4 have so many of them as they were made with. */
    private Finding cacheInodes() {
        Path at = existing(config.cacheDir());
        Optional<Inodes> found = at == null ? Optional.empty() : inodes.apply(at);
        if (found.isEmpty()) {
            return Finding.note(INODES, "The system does not tell how many files the disk of the cache takes.");
        }
        if (!found.get().limited()) {
            return Finding.ok(INODES, "The disk of " + at + " has no limit of files.");
        }
        long free = found.get().free();
        long wanted = filesWanted();
        if (free < wanted) {
            wanted -= filesHereBlocking(wanted - free);
        }
        String has = "The disk of " + at + " has " + free + " inodes free";
        return free >= wanted
                ? Finding.ok(INODES, has + ".")
                : Finding.warning(
                        INODES,
                        has + ", and MusicFS may want about " + wanted + " more (cache.size is "
                                + (config.cache().sizeBytes() >> 20) + " MiB): without them nothing more is stored.",
                        "Remove files that nobody needs from it, lower cache.size, or name another with cache_dir.");
    }

    /** About how many files there are when the cache is as large as it may be. */
    private long filesWanted() {
        long size = config.cache().sizeBytes();
        long tags = Math.min(size, config.cache().tagsBytes());
        return tags / TAGS_CHUNK_BYTES + (size - tags) / CHUNK_BYTES + OTHER_FILES;
    }

    /** How many files the cache has already, up to {@code most}, that need no inode any more. */
    private long filesHereBlocking(long most) {
        Deadline end = Deadline.in(COUNTING);
        AtomicLong counted = new AtomicLong();
        try (Stream<Path> all = Files.walk(config.cacheDir())) {
            all.takeWhile(each -> !end.expired()).limit(most).forEach(each -> counted.incrementAndGet());
        } catch (IOException | UncheckedIOException e) {
            // There is none yet, one was evicted meanwhile, or a part cannot be read; the check of the directory says
            // so.
            return counted.get();
        }
        return counted.get();
    }

    /** It or the nearest directory above it that there is; null when there is none. */
    private static @Nullable Path existing(@Nullable Path wanted) {
        Path at = wanted;
        while (at != null && Files.notExists(at)) {
            at = at.getParent();
        }
        return at;
    }

    private static Finding brokenCatalog(MusicFsException problem) {
        String remedy =
                switch (problem.kind()) {
                    case CORRUPT ->
                        "Start the daemon: it restores the catalog from its backup, or reads the library anew.";
                    case INVALID -> "Use the MusicFS that wrote it, or another cache directory.";
                    default -> "Let the user of the daemon read and write it.";
                };
        return Finding.broken("catalog", problem.getMessage() + ".", remedy);
    }

    private Finding catalog() {
        Path file = CacheEntry.CATALOG.in(config.cacheDir());
        if (Files.notExists(file)) {
            return Catalog.existsBlocking(file)
                    ? Finding.warning(
                            "catalog",
                            file + " is missing.",
                            "Nothing has to be done: the next start restores it from its backup.")
                    : Finding.note("catalog", "There is none yet: the first start reads the library.");
        }
        return Catalog.inspectBlocking(file)
                .map(PlaceChecks::brokenCatalog)
                .orElseGet(() -> Finding.ok("catalog", file + " is whole."));
    }
}
