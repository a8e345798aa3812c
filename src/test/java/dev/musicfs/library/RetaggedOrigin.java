package dev.musicfs.library;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Another origin whose files all have an ETag that a test sets. */
final class RetaggedOrigin implements Origin {
    volatile String eTag = "one";
    private final Origin behind;

    RetaggedOrigin(Origin behind) {
        this.behind = behind;
    }

    @Override
    public OriginId id() {
        return behind.id();
    }

    @Override
    public Future<Void> start() {
        return behind.start();
    }

    @Override
    public Future<Void> stop() {
        return behind.stop();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return behind.list(directory)
                .map(entries -> entries.stream().map(this::tagged).toList());
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return behind.stat(path, deadline).map(this::tagged);
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return behind.read(path, new FileVersion(expected.sizeBytes(), expected.mtimeNanos(), ""), range, deadline);
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return behind.probe(deadline);
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    private OriginEntry tagged(OriginEntry entry) {
        FileVersion version = entry.version();
        return new OriginEntry(
                entry.path(),
                entry.directory(),
                new FileVersion(version.sizeBytes(), version.mtimeNanos(), eTag),
                entry.fileKey());
    }
}
