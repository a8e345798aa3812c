package dev.musicfs.app.doctor;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.MountTable;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where it mounts and where it keeps what it knows. */
final class PlaceChecks {
    private static final List<String> FAR = List.of("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p");

    private final MusicFsConfig config;
    private final MountTable mounts;

    PlaceChecks(MusicFsConfig config, MountTable mounts) {
        this.config = config;
        this.mounts = mounts;
    }

    List<Check> all() {
        return List.of(
                Check.of("mountpoint", this::mountPoint),
                Check.of("cache directory", this::cacheDirectory),
                Check.of("cache disk", this::cacheDisk),
                Check.of("catalog", this::catalog));
    }

    private Finding mountPoint() throws IOException {
        Optional<Path> wanted = config.mountPoint();
        if (wanted.isEmpty()) {
            return Finding.note("mountpoint", "None is configured; it is named on the command line.");
        }
        Path path = wanted.get();
        // Whoever asked a mount whose daemon hangs would hang as well: the table comes first.
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

    private Finding cacheDirectory() {
        Path directory = config.cacheDir();
        if (Files.notExists(directory)) {
            Path above = directory.getParent();
            while (above != null && Files.notExists(above)) {
                above = above.getParent();
            }
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
        Path at = config.cacheDir();
        while (at != null && Files.notExists(at)) {
            at = at.getParent();
        }
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
        Path file = config.cacheDir().resolve("catalog.db");
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
