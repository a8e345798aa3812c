package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Lost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The MapDB files of one directory: one that counts, each new one with a new name. */
final class MapDbIndexes implements IndexSource {
    /** How long a call of an index may take. */
    static final Duration BOUND = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile("chunks-([0-9]{1,9})\\.mapdb");

    private final Path directory;
    private final Path marker;
    private final Duration bound;
    private int lastNumber;

    MapDbIndexes(Path directory, Duration bound) {
        this.directory = directory;
        this.marker = directory.resolve("clean");
        this.bound = bound;
    }

    @Override
    public synchronized Opened openBlocking() throws Lost {
        Optional<CleanMarker> found = CleanMarker.readBlocking(marker)
                .filter(clean -> NAME.matcher(clean.file()).matches())
                .filter(clean -> clean.fitsBlocking(directory.resolve(clean.file())));
        if (found.isEmpty()) {
            return createBlocking();
        }
        CleanMarker clean = found.get();
        try {
            Path file = directory.resolve(clean.file());
            ChunkIndex index = MapDbIndex.open(() -> MapDbTable.openBlocking(file, marker), bound);
            return new Opened(index, Optional.of(clean.totals()), clean.round());
        } catch (Lost e) {
            return createBlocking();
        }
    }

    @Override
    public synchronized Opened createBlocking() throws Lost {
        try {
            if (!Files.isDirectory(directory)) {
                Files.deleteIfExists(directory);
                Files.createDirectories(directory);
            }
            CleanMarker.removeBlocking(marker);
            deleteAllBlocking();
        } catch (IOException e) {
            throw new Lost("no chunk index can be made in " + directory + ": " + e, e);
        }
        lastNumber++;
        Path file = directory.resolve("chunks-" + lastNumber + ".mapdb");
        return new Opened(MapDbIndex.open(() -> MapDbTable.openBlocking(file, marker), bound), Optional.empty(), 0);
    }

    private void deleteAllBlocking() throws IOException {
        List<Path> old = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(this::isOurs).forEach(old::add);
        }
        for (Path each : old) {
            deleteBlocking(each);
        }
    }

    // Notes the number: a name is not used twice, even if its file cannot be deleted.
    private boolean isOurs(Path entry) {
        Matcher name = NAME.matcher(entry.getFileName().toString());
        if (name.matches()) {
            lastNumber = Math.max(lastNumber, Integer.parseInt(name.group(1)));
        }
        return name.matches();
    }

    // Something else in its place, such as a directory, is in the way of nobody: it only goes if that is easy.
    private static void deleteBlocking(Path path) {
        try (Stream<Path> tree = Files.walk(path, 2)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(each);
                }
            }
        } catch (IOException e) {
            // The new one has another name.
        }
    }
}
