package dev.musicfs.chunk.index;

import dev.musicfs.chunk.disk.Quarantine;
import dev.musicfs.runtime.SetAside;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MapDB files of one directory: one that counts, each new one with a new name. */
public final class MapDbIndexes implements IndexSource {
    private static final Logger LOG = LoggerFactory.getLogger(MapDbIndexes.class);

    /** How long a call of an index may take. */
    public static final Duration BOUND = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile("chunks-([0-9]{1,9})\\.mapdb");

    private final Path directory;
    private final Path marker;
    private final Duration bound;
    private int lastNumber;

    public MapDbIndexes(Path directory, Duration bound) {
        this.directory = directory;
        this.marker = directory.resolve("clean");
        this.bound = bound;
    }

    @Override
    public synchronized Opened openBlocking() throws IndexLostException {
        Optional<CleanShutdownMarker> found = CleanShutdownMarker.readBlocking(marker)
                .filter(clean -> NAME.matcher(clean.file()).matches());
        if (found.isEmpty()) {
            return createBlocking();
        }
        CleanShutdownMarker clean = found.get();
        if (!clean.fitsBlocking(directory.resolve(clean.file()))) {
            setAsideBlocking(directory.resolve(clean.file()));
            return createBlocking();
        }
        try {
            Path file = directory.resolve(clean.file());
            ChunkIndex index = MapDbIndex.open(() -> MapDbTable.openBlocking(file, marker), bound);
            return new Opened(index, Optional.of(clean.totals()), clean.round());
        } catch (IndexLostException e) {
            setAsideBlocking(directory.resolve(clean.file()));
            return createBlocking();
        }
    }

    @Override
    public synchronized Opened createBlocking() throws IndexLostException {
        try {
            Quarantine.makeDirectoryBlocking(directory, 2);
            CleanShutdownMarker.removeBlocking(marker);
            deleteAllBlocking();
        } catch (IOException e) {
            throw new IndexLostException("no chunk index can be made in " + directory + ": " + e, e);
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

    private void deleteAsideBlocking() throws IOException {
        try (DirectoryStream<Path> aside = Files.newDirectoryStream(directory, "chunks-*.mapdb.damaged-*")) {
            for (Path each : aside) {
                if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(each);
                }
            }
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

    private static void deleteBlocking(Path path) {
        try {
            Quarantine.clearForFileBlocking(path);
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The new one has another name.
        }
    }

    /**
     * Keeps one that was closed in order and is not what it was then: of the disk's illness there may be no other trace.
     * One alone, as each takes a hundredth part of the store and says nothing that the chunk files do not.
     */
    private void setAsideBlocking(Path file) {
        try {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                deleteAsideBlocking();
                Path aside = SetAside.moveBlocking(file, 1);
                LOG.warn("The chunk index {} is damaged and is {} now; it is rebuilt", file, aside);
            }
        } catch (IOException e) {
            LOG.warn("The damaged chunk index {} could not be set aside and is deleted; it is rebuilt", file);
        }
    }
}
