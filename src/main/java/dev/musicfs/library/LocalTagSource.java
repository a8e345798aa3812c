package dev.musicfs.library;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.formats.TagReader;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files of this machine's disks for the library: tags, and for an origin that goes through the store layouts. */
public final class LocalTagSource implements TagSource {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTagSource.class);

    /** Larger ones, such as a sparse file of terabytes, would keep a reader for hours. */
    static final long LARGEST_BYTES = 8L << 30;

    private final DirectFiles files;
    private final TagReader tags;
    private final Optional<Layouts> layouts;
    private final WorkerExecutor workers;
    private final ParseNotes.Noted notes;

    /** Tells where the audio of a file lies; any exception says that it could not. */
    @FunctionalInterface
    public interface Layouts {
        AudioLayout readBlocking(Path file, String extension);
    }

    /**
     * Without {@code layouts} only tags are read.
     *
     * @param workers the threads that read; closed by their maker
     */
    LocalTagSource(DirectFiles files, TagReader tags, Optional<Layouts> layouts, WorkerExecutor workers) {
        this(files, tags, layouts, workers, ParseNotes.Noted.nowhere());
    }

    /** @param notes where it is noted what is being read */
    LocalTagSource(
            DirectFiles files,
            TagReader tags,
            Optional<Layouts> layouts,
            WorkerExecutor workers,
            ParseNotes.Noted notes) {
        this.files = files;
        this.tags = tags;
        this.layouts = layouts;
        this.workers = workers;
        this.notes = notes;
    }

    @Override
    public Future<ReadFile> read(RealPath path, FileVersion version) {
        return workers.executeBlocking(
                () -> notes.parseBlocking(path, version, () -> readBlocking(path, version)), false);
    }

    private ReadFile readBlocking(RealPath path, FileVersion version) {
        if (version.sizeBytes() > LARGEST_BYTES) {
            throw new MusicFsException(
                    FailureKind.CORRUPT,
                    "a file of more than " + (LARGEST_BYTES >> 30) + " GiB, whose tags are not read");
        }
        String extension = path.extension();
        try {
            return files.readBlocking(
                    path,
                    file -> new ReadFile(
                            tags.readBlocking(file, extension),
                            layouts.flatMap(reader -> layoutBlocking(reader, file, extension))));
        } catch (IOException e) {
            throw MusicFsException.wrap("cannot open " + path, e);
        }
    }

    private static Optional<AudioLayout> layoutBlocking(Layouts reader, Path file, String extension) {
        try {
            return Optional.of(reader.readBlocking(file, extension));
        } catch (RuntimeException e) {
            LOG.debug("no layout of {}: {}", file, e.toString());
            return Optional.empty();
        }
    }
}
