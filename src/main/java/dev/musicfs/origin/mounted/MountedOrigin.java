package dev.musicfs.origin.mounted;

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
import dev.musicfs.origin.disk.LocalDisk;
import dev.musicfs.origin.disk.LocalPaths;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Music on a share that is mounted on this machine. It is polled, since changes made on other machines raise no events
 * here, and its files are only ever opened by its own threads, since a thread that touches them may hang.
 */
final class MountedOrigin implements Origin {
    private final OriginId id;
    private final Share share;
    private final BoundedCalls calls;
    private final Duration timeout;
    private volatile boolean stopped;

    /** The share of the configured directory. */
    static MountedOrigin of(OriginConfig config, BackendContext context) {
        Path root = config.directory().orElseThrow();
        LocalDisk disk = new LocalDisk(
                config.id(), new LocalPaths(root), config.settings().paths(ShareType.LINK_TARGETS));
        ExpectedMount expected = new ExpectedMount(
                config.id(), root, config.settings().flag(ShareType.REQUIRE_MOUNT), MountLookup.KERNEL);
        return new MountedOrigin(
                config, context, new ReopeningShare(new DiskShare(disk, expected)), Timers.of(context.vertx()));
    }

    MountedOrigin(OriginConfig config, BackendContext context, Share share, Timers timers) {
        this.id = config.id();
        this.share = share;
        this.calls = new BoundedCalls("Origin " + id, timers, context.workers(), config.concurrency());
        this.timeout = config.timeout();
    }

    @Override
    public OriginId id() {
        return id;
    }

    /** Looks what is mounted there; the share may be away, but its path must not be a file. */
    @Override
    public Future<Void> start() {
        return probe(Deadline.in(timeout))
                .recover(e -> MusicFsException.kindOf(e) == FailureKind.INVALID
                        ? Future.failedFuture(e)
                        : Future.succeededFuture());
    }

    @Override
    public Future<Void> stop() {
        stopped = true;
        return Future.succeededFuture();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return call(timeout, progress -> share.listBlocking(directory, progress));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return call(shorter(deadline), progress -> share.statBlocking(path, deadline));
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return call(shorter(deadline), progress -> Buffer.buffer(share.readBlocking(path, expected, range, deadline)));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return call(shorter(deadline), progress -> {
                    share.probeBlocking(deadline);
                    return true;
                })
                .mapEmpty();
    }

    /** Empty: inotify sees only what this machine does. */
    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    /** Empty: a thread of FUSE's that hangs in here is lost. */
    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    /** How many of its threads the kernel holds although nobody waits for them any more. */
    int stuckThreads() {
        return calls.stuck();
    }

    private Duration shorter(Deadline deadline) {
        Duration left = deadline.remaining();
        return left.compareTo(timeout) < 0 ? left : timeout;
    }

    private <T> Future<T> call(Duration patience, BoundedCalls.Work<T> work) {
        return stopped
                ? Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + id + " is stopped."))
                : calls.call(patience, work);
    }
}
