package dev.musicfs.origin.local;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.disk.LocalDisk;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Threads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches a {@link LocalOrigin} through inotify, on one thread of its own per {@link #start}. */
@Attended(threads = "its end is the watch's, which RestartingWatch begins again")
final class LocalWatch implements OriginWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWatch.class);

    private final OriginId id;
    private final LocalDisk disk;
    private final Clock clock;
    private final Duration settle;
    private final Duration longest;
    private @Nullable WatchService service;
    private Future<Void> ended = Future.succeededFuture();

    LocalWatch(OriginId id, LocalDisk disk, Clock clock, Duration settle, Duration longest) {
        this.id = id;
        this.disk = disk;
        this.clock = clock;
        this.settle = settle;
        this.longest = longest;
    }

    @Override
    public synchronized Future<Void> start(Consumer<OriginChanges> consumer) {
        if (service != null) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.INVALID, "Origin " + id + " is being watched already."));
        }
        WatchService fresh;
        try {
            fresh = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            return Future.failedFuture(WatchLoop.limitOr(id, e));
        }
        Promise<Void> watched = Promise.promise();
        Promise<Void> end = Promise.promise();
        WatchLoop loop = new WatchLoop(id, disk, fresh, new SettlingChanges(clock, settle, longest), consumer);
        Future<Void> before = ended;
        service = fresh;
        ended = end.future();
        try {
            Threads.begin("watch-" + id, () -> run(loop, fresh, watched, end));
        } catch (MusicFsException e) {
            service = null;
            ended = before;
            close(fresh);
            return Future.failedFuture(e);
        }
        return watched.future();
    }

    @Override
    public synchronized Future<Void> stop() {
        WatchService running = service;
        service = null;
        if (running != null) {
            close(running);
        }
        return ended.otherwiseEmpty();
    }

    @Override
    public synchronized Future<Void> ended() {
        return ended;
    }

    private void run(WatchLoop loop, WatchService own, Promise<Void> watched, Promise<Void> end) {
        @Nullable MusicFsException failure = null;
        try {
            loop.registerAll();
            watched.complete();
            loop.run();
        } catch (ClosedWatchServiceException e) {
            LOG.debug("Origin {} was not yet watched when that was ended", id);
        } catch (RuntimeException | Error e) {
            failure = MusicFsException.wrap("Origin " + id + " cannot be watched", e);
            if (failure.kind() == FailureKind.INTERNAL) {
                LOG.error("Watching origin {} ended", id, e);
            }
        } finally {
            close(own);
            release(own);
        }
        // In this order: who learns that it could not be begun may begin it again.
        if (failure == null) {
            end.complete();
            watched.tryFail(new MusicFsException(FailureKind.UNAVAILABLE, "Watching origin " + id + " was ended."));
        } else {
            end.fail(failure);
            watched.tryFail(failure);
        }
    }

    private synchronized void release(WatchService own) {
        if (service == own) {
            service = null;
        }
    }

    private void close(WatchService running) {
        try {
            running.close();
        } catch (IOException e) {
            LOG.warn("The watches of origin {} could not be given back: {}", id, e.getMessage());
        }
    }
}
