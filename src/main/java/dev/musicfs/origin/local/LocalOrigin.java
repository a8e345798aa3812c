package dev.musicfs.origin.local;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.disk.LocalDisk;
import dev.musicfs.origin.disk.LocalPaths;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Music in a directory of this machine. As many calls are at the disk at a time as it has workers, the rest queue. */
public final class LocalOrigin implements Origin {
    private final OriginId id;
    private final LocalDisk disk;
    private final BlockingCalls calls;
    private final LocalWatch watch;
    private volatile boolean stopped;

    /** An origin whose files lie under {@code root}; nothing is looked at before {@link #start}. */
    public LocalOrigin(OriginId id, Path root, BackendContext context) {
        this(id, root, List.of(), context);
    }

    /**
     * The same.
     *
     * @param linkTargets directories to which links may lead besides, absolute
     */
    LocalOrigin(OriginId id, Path root, List<Path> linkTargets, BackendContext context) {
        this.id = id;
        this.disk = new LocalDisk(id, new LocalPaths(root), linkTargets);
        this.calls = new BlockingCalls(id, context.workers());
        this.watch = new LocalWatch(id, disk, context.clock(), SettlingChanges.SETTLE, SettlingChanges.LONGEST);
    }

    @Override
    public OriginId id() {
        return id;
    }

    /** Fails, with a sentence that names the directory, when it is missing, no directory or not readable. */
    @Override
    public Future<Void> start() {
        return checkRoot();
    }

    @Override
    public Future<Void> stop() {
        stopped = true;
        return watch.stop();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return onWorker(() -> disk.listBlocking(directory));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return onWorker(() -> disk.statBlocking(path));
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return onWorker(() -> Buffer.buffer(disk.readBlocking(path, expected, range)));
    }

    @Override
    public Future<Integer> readInto(
            RealPath path, FileVersion expected, ByteRange range, Deadline deadline, PooledBuffer into) {
        return onWorker(() -> disk.readBlocking(path, expected, range, into.bytes()));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return checkRoot();
    }

    private Future<Void> checkRoot() {
        return onWorker(disk::checkRootBlocking).mapEmpty();
    }

    /** Through inotify; on a network mount it sees only what this machine does there. */
    @Override
    public Optional<OriginWatch> watch() {
        return Optional.of(watch);
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.of(disk.files());
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        return stopped ? Future.failedFuture(calls.stopped()) : calls.run(work);
    }
}
