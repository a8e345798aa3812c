package dev.musicfs.sample;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Looks its files up once, at the start. Whatever blocks runs on the workers that every origin is given. */
final class ZipOrigin implements Origin {
    private final OriginId id;
    private final Path file;
    private final String below;
    private final BackendContext context;
    private final Map<RealPath, OriginEntry> entries = Collections.synchronizedMap(new TreeMap<>());
    private volatile @Nullable ZipFile archive;

    ZipOrigin(OriginConfig config, BackendContext context) {
        this.id = config.id();
        this.file = (Path) config.settings().values().get(ZipBackend.ARCHIVE);
        this.below =
                config.settings().text(ZipBackend.BELOW).map(dir -> dir + "/").orElse("");
        this.context = context;
    }

    @Override
    public OriginId id() {
        return id;
    }

    @Override
    public Future<Void> start() {
        return onWorker(() -> {
                    ZipFile opened = new ZipFile(file.toFile());
                    opened.stream()
                            .filter(entry -> entry.getName().startsWith(below) && !entry.isDirectory())
                            .forEach(this::add);
                    archive = opened;
                    return true;
                })
                .mapEmpty();
    }

    private void add(ZipEntry entry) {
        RealPath path = new RealPath(entry.getName().substring(below.length()));
        FileVersion version =
                new FileVersion(entry.getSize(), entry.getLastModifiedTime().to(TimeUnit.NANOSECONDS), "");
        entries.put(path, new OriginEntry(path, false, version, 0));
        for (RealPath at = path.parent(); !at.isRoot(); at = at.parent()) {
            entries.putIfAbsent(at, new OriginEntry(at, true, new FileVersion(0, 0, ""), 0));
        }
    }

    @Override
    public Future<Void> stop() {
        ZipFile open = archive;
        archive = null;
        return onWorker(() -> {
                    if (open != null) {
                        open.close();
                    }
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return onWorker(() -> {
            open();
            if (!directory.isRoot() && !find(directory).directory()) {
                throw absent(directory);
            }
            synchronized (entries) {
                return entries.values().stream()
                        .filter(entry -> entry.path().parent().equals(directory))
                        .toList();
            }
        });
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return onWorker(() -> {
            open();
            return path.isRoot() ? new OriginEntry(path, true, new FileVersion(0, 0, ""), 0) : find(path);
        });
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return onWorker(() -> {
            ZipFile zip = open();
            if (!find(path).version().equals(expected)) {
                throw new MusicFsException(FailureKind.STALE, path + " is another version by now");
            }
            ByteRange wanted = range.within(expected.sizeBytes());
            try (InputStream in = zip.getInputStream(zip.getEntry(below + path.value()))) {
                in.skipNBytes(wanted.offset());
                return Buffer.buffer(in.readNBytes((int) wanted.length()));
            }
        });
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return onWorker(this::open).mapEmpty();
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    private ZipFile open() {
        ZipFile open = archive;
        if (open == null) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "the archive of origin " + id + " is not open");
        }
        return open;
    }

    private OriginEntry find(RealPath path) {
        OriginEntry found = entries.get(path);
        if (found == null) {
            throw absent(path);
        }
        return found;
    }

    private MusicFsException absent(RealPath path) {
        return new MusicFsException(FailureKind.NOT_FOUND, "origin " + id + " has no " + path);
    }

    /** Every failure of an origin is of a kind; that of an archive that cannot be read is {@code UNAVAILABLE}. */
    private <T> Future<T> onWorker(Callable<T> work) {
        return context.workers()
                .executeBlocking(work, false)
                .recover(e -> Future.failedFuture(
                        e instanceof IOException
                                ? new MusicFsException(FailureKind.UNAVAILABLE, "origin " + id + ": " + e, e)
                                : MusicFsException.wrap("origin " + id, e)));
    }
}
