package dev.musicfs.vfs;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.OpenFile;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    private final ConcurrentHashMap<NodeId, OpenNode> nodes = new ConcurrentHashMap<>();

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
        nodes.compute(node.id(), (id, before) -> {
            Map<Version, Integer> now = before == null ? new HashMap<>() : new HashMap<>(before.versions());
            now.merge(entry.version(), 1, Integer::sum);
            return new OpenNode(node, now);
        });
        entries.put(handle, entry);
        return handle;
    }

    /** Whether a node is open at more than one version. */
    boolean isOpenAtSeveralVersions(NodeId node) {
        OpenNode open = nodes.get(node);
        return open != null && open.versions().size() > 1;
    }

    /** What a node was when somebody opened it who has it open still. */
    Optional<NodeRow> rowOf(NodeId node) {
        return Optional.ofNullable(nodes.get(node)).map(OpenNode::row);
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
            nodes.computeIfPresent(entry.node().id(), (id, before) -> {
                Map<Version, Integer> now = new HashMap<>(before.versions());
                now.computeIfPresent(entry.version(), (version, count) -> count == 1 ? null : count - 1);
                return now.isEmpty() ? null : new OpenNode(before.row(), now);
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

    /** A node that is open: as it was opened last, and how often at which version. */
    private record OpenNode(NodeRow row, Map<Version, Integer> versions) {}

    private record Version(long sizeBytes, long mtimeNanos) {}
}
