package dev.musicfs.content.file;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens files on disks of this machine, on a few threads for each origin, so that one hung disk hurts no other. Safe for
 * any thread.
 */
@Attended(workers = "for openings, each with a deadline")
final class DirectOpenings {
    private static final int THREADS = 8;
    /** Openings of one origin that run or wait. */
    private static final int MOST_OPENINGS = 256;
    /** How long a disk may take to open a file of which there is another copy; one that has to spin up takes longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final Map<OriginId, WorkerExecutor> disks = new ConcurrentHashMap<>();

    DirectOpenings(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Opens the file on its disk, or its other copies when the disk is away or takes half of the time that is left.
     *
     * @param openingBlocking opens it on the disk
     * @param otherCopies opens it elsewhere; null when it is nowhere else
     */
    Future<OpenFile> open(
            OriginId origin,
            Supplier<DirectFile> openingBlocking,
            @Nullable Supplier<Future<CachedFile>> otherCopies,
            Deadline deadline) {
        Future<DirectFile> direct = open(origin, openingBlocking, deadline);
        if (otherCopies == null) {
            return direct.map(file -> file);
        }
        Duration half = deadline.remaining().dividedBy(2);
        return within(deadline.atMost(half).atMost(PATIENCE), direct)
                .<OpenFile>map(file -> file)
                .recover(failure -> DirectFile.isAway(failure)
                        ? otherCopies.get().map(file -> file)
                        : Future.failedFuture(failure));
    }

    private Future<DirectFile> open(OriginId origin, Supplier<DirectFile> openingBlocking, Deadline deadline) {
        WorkerExecutor disk = disks.computeIfAbsent(
                origin,
                id -> ExecutorPools.workers(
                        vertx, "musicfs-open-" + id, "The disk of " + id, THREADS, MOST_OPENINGS - THREADS));
        return disk.executeBlocking(
                () -> {
                    if (deadline.expired()) {
                        throw new MusicFsException(
                                FailureKind.TIMEOUT, "The disk of " + origin + " was busy for too long.");
                    }
                    return openingBlocking.get();
                },
                false);
    }

    /** The file, unless it takes longer: then it is closed as soon as it comes. */
    private Future<DirectFile> within(Deadline patience, Future<DirectFile> direct) {
        Future<DirectFile> opened = patience.bound(
                direct, Timers.of(vertx), () -> new MusicFsException(FailureKind.TIMEOUT, "The disk does not answer."));
        direct.onComplete(file -> {
            if (file.succeeded() && opened.failed()) {
                file.result().close();
            }
        });
        return opened;
    }
}
