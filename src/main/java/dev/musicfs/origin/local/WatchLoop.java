package dev.musicfs.origin.local;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.origin.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a {@link LocalWatch}: takes events, keeps every directory registered, hands out what has settled. */
final class WatchLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLoop.class);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final OriginId id;
    private final LocalDisk disk;
    private final WatchService service;
    private final SettlingChanges changes;
    private final Consumer<OriginChanges> consumer;
    private final WatchedDirectories watched = new WatchedDirectories();
    private boolean everything;
    private @Nullable MusicFsException lost;

    WatchLoop(
            OriginId id,
            LocalDisk disk,
            WatchService service,
            SettlingChanges changes,
            Consumer<OriginChanges> consumer) {
        this.id = id;
        this.disk = disk;
        this.service = service;
        this.changes = changes;
        this.consumer = consumer;
    }

    /** Watches every directory of the origin; fails with {@code NO_SPACE} when the watches run out. */
    void registerAll() {
        disk.checkRootBlocking();
        registerTree(RealPath.ROOT, false);
    }

    /**
     * Returns when the watch service is closed; fails, having said that everything is in doubt, when the root is gone, and
     * with {@code NO_SPACE} when there are not enough watches for what is new.
     */
    void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                WatchKey key = service.poll(Math.min(IDLE.toNanos(), changes.nanosUntilDue()), TimeUnit.NANOSECONDS);
                while (key != null) {
                    take(key);
                    key = service.poll();
                }
                handOut();
                if (lost != null) {
                    throw lost;
                }
            }
        } catch (ClosedWatchServiceException closed) {
            LOG.debug("No longer watching origin {}", id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(WatchKey key) {
        Set<RealPath> directories = watched.of(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                LOG.warn("Events of origin {} were lost; everything is looked at anew", id);
                registerAnew();
                return;
            } else if (event.context() instanceof Path name) {
                directories.forEach(directory -> take(directory, disk.paths().nameOf(name), event.kind()));
            }
        }
        if (!key.reset()) {
            watched.forget(key);
            directories.forEach(changes::changed);
            if (directories.contains(RealPath.ROOT)) {
                everything = true;
                lost = new MusicFsException(FailureKind.UNAVAILABLE, "The root of origin " + id + " is gone.");
            }
        }
    }

    private void take(RealPath directory, String name, WatchEvent.Kind<?> kind) {
        changes.changed(directory);
        RealPath child = directory.resolve(name);
        if (kind == StandardWatchEventKinds.ENTRY_DELETE) {
            if (watched.contains(child)) {
                watched.removeTree(child);
            }
        } else if (kind == StandardWatchEventKinds.ENTRY_CREATE) {
            registerIfDirectory(child);
        }
    }

    private void registerIfDirectory(RealPath child) {
        try {
            if (disk.statBlocking(child).directory()) {
                // Under its old name it may still be watched as something else.
                watched.removeTree(child);
                registerTree(child, true);
            }
        } catch (MusicFsException e) {
            missed(child, e);
        }
    }

    private void registerAnew() {
        everything = true;
        try {
            watched.removeTree(RealPath.ROOT);
            registerTree(RealPath.ROOT, false);
        } catch (MusicFsException e) {
            lost = e;
        }
    }

    private void missed(RealPath child, MusicFsException e) {
        if (e.kind() == FailureKind.NO_SPACE) {
            // Nobody would know which part of the origin is watched; and others may need the watches that this one has.
            everything = true;
            lost = e;
        } else if (e.kind() != FailureKind.NOT_FOUND) {
            LOG.warn("Origin {} cannot watch {}: {}", id, child, e.getMessage());
        }
    }

    /** Each directory is registered before it is listed, so that whatever comes after the listing raises an event. */
    private void registerTree(RealPath top, boolean dirty) {
        Deque<RealPath> open = new ArrayDeque<>();
        open.push(top);
        while (!open.isEmpty()) {
            RealPath directory = open.pop();
            try {
                watched.add(directory, register(directory));
                if (dirty) {
                    changes.changed(directory);
                }
                for (OriginEntry entry : disk.listBlocking(directory)) {
                    if (entry.directory()) {
                        open.push(entry.path());
                    }
                }
            } catch (MusicFsException e) {
                if (directory.isRoot() || e.kind() == FailureKind.NO_SPACE) {
                    throw e;
                }
                missed(directory, e);
            }
        }
    }

    private WatchKey register(RealPath directory) {
        try {
            return disk.paths()
                    .locate(directory)
                    .register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
        } catch (IOException e) {
            throw limitOr(id, e);
        }
    }

    /** Which limit was reached the JDK says only in words of its own, which it never translates. */
    static MusicFsException limitOr(OriginId id, IOException e) {
        @Nullable String message = e.getMessage();
        if (Errno.ENOSPC.isOf(e) || (message != null && message.contains("inotify watches"))) {
            return new MusicFsException(
                    FailureKind.NO_SPACE,
                    "Origin " + id + " has more directories than this machine may watch: raise it with"
                            + " sysctl fs.inotify.max_user_watches.",
                    e);
        }
        if (message != null && message.contains("inotify instances")) {
            return new MusicFsException(
                    FailureKind.NO_SPACE,
                    "Origin " + id + " cannot be watched, too many watchers run on this machine: raise it with"
                            + " sysctl fs.inotify.max_user_instances.",
                    e);
        }
        return MusicFsException.wrap("Origin " + id + " cannot be watched", e);
    }

    private void handOut() {
        if (everything) {
            everything = false;
            changes.clear();
            consumer.accept(new OriginChanges(Set.of(), true));
            return;
        }
        Set<RealPath> due = changes.takeDue();
        if (!due.isEmpty()) {
            consumer.accept(new OriginChanges(Set.copyOf(due), false));
        }
    }
}
