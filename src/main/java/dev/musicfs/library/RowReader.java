package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.OriginEntry;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes rows of files by reading their tags, as many at a time as its pool is wide. */
final class RowReader {
    private static final Logger LOG = LoggerFactory.getLogger(RowReader.class);
    private static final int REMEMBERED_COMPLAINTS = 1_000;

    private final OriginId origin;
    private final TagSource tags;
    private final WorkerExecutor workers;
    // So that a file nobody may read is not complained about at every poll.
    private final Set<OriginEntry> complained =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<OriginEntry, Boolean>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<OriginEntry, Boolean> eldest) {
                    return size() > REMEMBERED_COMPLAINTS;
                }
            }));

    /** A row, and the layout of that version of its file when it is known. */
    record Found(FileRow row, Optional<AudioLayout> layout) {}

    RowReader(OriginId origin, TagSource tags, WorkerExecutor workers) {
        this.origin = origin;
        this.tags = tags;
        this.workers = workers;
    }

    /** Empty when the file could not be read; a damaged one is a row like any other, without tags. */
    Future<Optional<Found>> read(OriginEntry entry, long fileId) {
        FileKind kind = FolderDiff.kindOf(entry);
        if (kind == FileKind.COVER) {
            FileRow row =
                    row(entry, fileId, kind, TrackTags.unknown(entry.path().extension()), true);
            return Future.succeededFuture(Optional.of(new Found(row, Optional.empty())));
        }
        return workers.executeBlocking(() -> readBlocking(entry, fileId), false);
    }

    private Optional<Found> readBlocking(OriginEntry entry, long fileId) {
        try {
            ReadFile read = tags.readBlocking(entry.path(), entry.version());
            return Optional.of(new Found(
                    row(entry, fileId, FileKind.AUDIO, read.tags(), true),
                    read.layout().filter(layout -> fits(layout, entry.version()))));
        } catch (MusicFsException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                if (complained.add(entry)) {
                    LOG.warn("Origin {}: cannot read {}: {}", origin, entry.path(), e.getMessage());
                }
                return Optional.empty();
            }
            return Optional.of(damaged(entry, fileId, e));
        } catch (RuntimeException e) {
            // A parser that trips over a file has met a damaged file.
            return Optional.of(damaged(entry, fileId, e));
        }
    }

    private Found damaged(OriginEntry entry, long fileId, RuntimeException e) {
        LOG.warn("Origin {}: {} is damaged and is shown under its own name: {}", origin, entry.path(), e.toString());
        FileRow row = row(
                entry, fileId, FileKind.AUDIO, TrackTags.unknown(entry.path().extension()), false);
        return new Found(row, Optional.empty());
    }

    // A file can be replaced between its listing and its reading; the next round finds out, until then there is none.
    private static boolean fits(AudioLayout layout, FileVersion version) {
        return layout.audioEnd() <= version.sizeBytes()
                && layout.pictures().stream().allMatch(picture -> picture.end() <= version.sizeBytes());
    }

    private FileRow row(OriginEntry entry, long fileId, FileKind kind, TrackTags found, boolean wellFormed) {
        return new FileRow(fileId, origin, entry.path(), kind, entry.version(), entry.fileKey(), found, wellFormed);
    }
}
