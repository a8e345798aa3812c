package dev.musicfs.vfs;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.OpenFile;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The files that somebody has open, by handle. Handles are never used again. */
final class OpenFileTable {
    private final int limit;
    private final Semaphore room;
    private volatile boolean refusing;
    private final AtomicLong lastHandle = new AtomicLong();
    private final ConcurrentHashMap<Long, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<NodeId, Map<Version, Integer>> versions = new ConcurrentHashMap<>();

    OpenFileTable(int limit) {
        this.limit = limit;
        this.room = new Semaphore(limit);
    }

    /** Makes room for one file before it is opened; {@code UNAVAILABLE} when there is none. */
    void reserve() {
        if (refusing) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "MusicFS is shutting down and opens nothing any more.");
        }
        if (!room.tryAcquire()) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, limit + " files are open already, the most allowed.");
        }
    }

    /** From now on {@link #reserve} fails with {@code UNAVAILABLE}. */
    void refuse() {
        refusing = true;
    }

    void cancelReservation() {
        room.release();
    }

    /** Takes over the file; {@link #reserve} came before. */
    long put(NodeRow node, OpenFile file) {
        long handle = lastHandle.incrementAndGet();
        Entry entry = new Entry(node, file);
        versions.compute(node.id(), (id, counts) -> {
            Map<Version, Integer> now = counts == null ? new HashMap<>() : new HashMap<>(counts);
            now.merge(entry.version(), 1, Integer::sum);
            return now;
        });
        entries.put(handle, entry);
        return handle;
    }

    /** Whether a node is open at more than one version. */
    boolean isOpenAtSeveralVersions(NodeId node) {
        return versions.getOrDefault(node, Map.of()).size() > 1;
    }

    Entry get(long handle) {
        Entry entry = entries.get(handle);
        if (entry == null) {
            throw new MusicFsException(FailureKind.INVALID, "File handle " + handle + " is not open.");
        }
        return entry;
    }

    void close(long handle) {
        Entry entry = entries.remove(handle);
        if (entry != null) {
            room.release();
            versions.computeIfPresent(entry.node().id(), (id, counts) -> {
                Map<Version, Integer> now = new HashMap<>(counts);
                now.computeIfPresent(entry.version(), (version, count) -> count == 1 ? null : count - 1);
                return now.isEmpty() ? null : now;
            });
            entry.file().close();
        }
    }

    int size() {
        return entries.size();
    }

    void closeAll() {
        entries.keySet().forEach(this::close);
    }

    record Entry(NodeRow node, OpenFile file) {
        private Version version() {
            return new Version(file.version().sizeBytes(), file.version().mtimeNanos());
        }
    }

    private record Version(long sizeBytes, long mtimeNanos) {}
}
