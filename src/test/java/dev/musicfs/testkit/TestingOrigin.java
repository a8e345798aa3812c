package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** An origin in memory with faults to switch on. Files have entries and no bytes. */
public final class TestingOrigin implements Origin {
    private final OriginId id;
    private final Map<RealPath, OriginEntry> entries = new ConcurrentSkipListMap<>();
    private volatile Mode mode = Mode.HEALTHY;
    private volatile RealPath failing = RealPath.ROOT;
    private volatile Optional<OriginWatch> watch = Optional.empty();

    /** How the origin behaves. */
    public enum Mode {
        HEALTHY,
        /** Listing the directory given to {@link #failListing} fails with {@code REJECTED}. */
        FAILING_DIRECTORY,
        /** The root is there and seems empty, as an unmounted mount point does. */
        EMPTY,
        /** Everything fails with {@code UNAVAILABLE}. */
        GONE
    }

    /** A healthy origin without files. */
    public TestingOrigin(OriginId id) {
        this.id = id;
    }

    /** Puts a file there, with its directories. */
    public void put(String path, long sizeBytes, long mtimeNanos, long fileKey) {
        RealPath file = new RealPath(path);
        for (RealPath at = file.parent(); !at.isRoot(); at = at.parent()) {
            entries.putIfAbsent(at, new OriginEntry(at, true, new FileVersion(0, 0, ""), 0));
        }
        entries.put(file, new OriginEntry(file, false, new FileVersion(sizeBytes, mtimeNanos, ""), fileKey));
    }

    /** Removes a file, or a directory with all it holds. */
    public void remove(String path) {
        entries.keySet().removeIf(at -> at.value().equals(path) || at.value().startsWith(path + "/"));
    }

    public void mode(Mode now) {
        mode = now;
    }

    public void failListing(String directory) {
        failing = new RealPath(directory);
        mode = Mode.FAILING_DIRECTORY;
    }

    public void watch(OriginWatch by) {
        watch = Optional.of(by);
    }

    @Override
    public OriginId id() {
        return id;
    }

    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
        return Future.succeededFuture();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        if (mode == Mode.GONE) {
            return probe().mapEmpty();
        }
        if (mode == Mode.FAILING_DIRECTORY && directory.equals(failing)) {
            return Future.failedFuture(new MusicFsException(FailureKind.REJECTED, "permission denied: " + directory));
        }
        if (mode == Mode.EMPTY && directory.isRoot()) {
            return Future.succeededFuture(List.of());
        }
        if (mode == Mode.EMPTY || (!directory.isRoot() && !entries.containsKey(directory))) {
            return Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "absent: " + directory));
        }
        return Future.succeededFuture(entries.values().stream()
                .filter(entry -> entry.path().parent().equals(directory))
                .toList());
    }

    @Override
    public Future<OriginEntry> stat(RealPath path) {
        OriginEntry entry = entries.get(path);
        return entry == null
                ? Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "absent: " + path))
                : Future.succeededFuture(entry);
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range) {
        return Future.failedFuture(new MusicFsException(FailureKind.INVALID, "no bytes in here"));
    }

    @Override
    public Future<Void> probe() {
        return mode == Mode.GONE
                ? Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "origin is gone"))
                : Future.succeededFuture();
    }

    @Override
    public Optional<OriginWatch> watch() {
        return watch;
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }
}
