package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.posix.MountTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Refuses origins that cannot be what the user meant. An origin that the catalog knows may be away: its library is
 * served from the catalog until it comes back.
 */
public final class OriginCheck {
    private OriginCheck() {}

    /** For a catalog that does not exist yet. */
    public static void requireAll(List<OriginConfig> origins) {
        for (OriginConfig origin : origins) {
            refuseUnlessThere(origin);
        }
    }

    /** For a catalog that may know them. */
    public static void requireUnknown(List<OriginConfig> origins, CatalogReader catalog) {
        requireUnknown(origins, id -> isKnownBlocking(id, catalog));
    }

    /** The same, where {@code known} says which origins the catalog knows. */
    public static void requireUnknown(List<OriginConfig> origins, Predicate<OriginId> known) {
        problems(origins, known).findFirst().ifPresent(OriginCheck::refuse);
    }

    /** The same as sentences, one for each origin that would be refused. */
    public static List<String> problems(List<OriginConfig> origins, CatalogReader catalog) {
        return problems(origins, id -> isKnownBlocking(id, catalog)).toList();
    }

    /**
     * Whether a mountpoint would lie in an origin or cover one, or the cache directory, whatever links are on the way: the
     * daemon would wait for itself. As a sentence.
     */
    public static Optional<String> overlapBlocking(MusicFsConfig config, Path mountPoint) {
        MountTable mounts = MountTable.read();
        Path place = mounts.placeBlocking(mountPoint);
        for (OriginConfig origin : config.enabledOrigins()) {
            Optional<Path> directory = origin.directory();
            Path root = directory.map(mounts::nearPlaceBlocking).orElse(place);
            if (directory.isPresent() && place.startsWith(root)) {
                return Optional.of("the mountpoint " + place + " lies in the origin " + named(directory.get(), root)
                        + "; name a directory elsewhere");
            }
            if (directory.isPresent() && root.startsWith(place)) {
                return Optional.of("the mountpoint " + place + " would cover the origin " + named(directory.get(), root)
                        + "; name a directory elsewhere");
            }
        }
        Path cache = mounts.nearPlaceBlocking(config.cacheDir());
        return cache.startsWith(place)
                ? Optional.of("the mountpoint " + place + " would cover the cache directory "
                        + named(config.cacheDir(), cache) + "; name a directory elsewhere")
                : Optional.empty();
    }

    /** Refuses such a mountpoint. */
    public static void requireApart(MusicFsConfig config, Path mountPoint) {
        overlapBlocking(config, mountPoint).ifPresent(OriginCheck::refuse);
    }

    private static String named(Path path, Path real) {
        return path.equals(real) ? path.toString() : path + ", which is " + real;
    }

    private static boolean isKnownBlocking(OriginId id, CatalogReader catalog) {
        return !catalog.filesInBlocking(id, RealPath.ROOT).isEmpty()
                || !catalog.foldersInBlocking(id, RealPath.ROOT).isEmpty();
    }

    private static Stream<String> problems(List<OriginConfig> origins, Predicate<OriginId> known) {
        return origins.stream().filter(origin -> !known.test(origin.id())).flatMap(origin -> problem(origin).stream());
    }

    private static void refuseUnlessThere(OriginConfig origin) {
        problem(origin).ifPresent(OriginCheck::refuse);
    }

    /** A remote one may be away for now, and only its protocol can tell. */
    private static Optional<String> problem(OriginConfig origin) {
        // A thread that looks at a dead share hangs.
        if (origin.type().remote()) {
            return Optional.empty();
        }
        MountTable mounts = MountTable.read();
        return origin.directory()
                .filter(directory -> mounts.networkBlocking(directory).isEmpty())
                .flatMap(OriginCheck::problem);
    }

    private static Optional<String> problem(Path root) {
        if (!Files.exists(root)) {
            return Optional.of("the origin " + root + " does not exist; name the directory that holds the music");
        }
        if (!Files.isDirectory(root)) {
            return Optional.of("the origin " + root + " is not a directory; name the directory that holds the music");
        }
        if (!Files.isReadable(root) || !Files.isExecutable(root)) {
            return Optional.of(
                    "the origin " + root + " cannot be read; give the user of this process permission to read it");
        }
        return Optional.empty();
    }

    private static void refuse(String sentence) {
        throw new MusicFsException(FailureKind.INVALID, sentence);
    }
}
