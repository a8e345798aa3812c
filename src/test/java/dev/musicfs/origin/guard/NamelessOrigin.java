package dev.musicfs.origin.guard;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.MemoryOrigin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An origin whose probes, and nothing else, fail as the test says. */
final class NamelessOrigin implements Origin {
    final AtomicInteger probes = new AtomicInteger();
    volatile @Nullable MusicFsException probeFailure;
    private final MemoryOrigin memory = new MemoryOrigin("nameless");

    @Override
    public OriginId id() {
        return memory.id();
    }

    @Override
    public Future<Void> start() {
        return memory.start();
    }

    @Override
    public Future<Void> stop() {
        return memory.stop();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return memory.list(directory);
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return memory.stat(path, deadline);
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return memory.read(path, expected, range, deadline);
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        probes.incrementAndGet();
        MusicFsException failure = probeFailure;
        return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
    }

    @Override
    public Optional<OriginWatch> watch() {
        return memory.watch();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return memory.directFiles();
    }
}
