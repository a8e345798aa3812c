package dev.musicfs.vfs;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.OpenFile;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The files that somebody has open, by handle. Handles are never used again. */
final class OpenFileTable {
    private final int limit;
    private final Semaphore room;
    private final AtomicLong lastHandle = new AtomicLong();
    private final ConcurrentHashMap<Long, Entry> entries = new ConcurrentHashMap<>();

    OpenFileTable(int limit) {
        this.limit = limit;
        this.room = new Semaphore(limit);
    }

    /** Makes room for one file before it is opened; {@code UNAVAILABLE} when there is none. */
    void reserve() {
        if (!room.tryAcquire()) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, limit + " files are open already, the most allowed.");
        }
    }

    void cancelReservation() {
        room.release();
    }

    /** Takes over the file; {@link #reserve} came before. */
    long put(NodeRow node, OpenFile file) {
        long handle = lastHandle.incrementAndGet();
        entries.put(handle, new Entry(node, file));
        return handle;
    }

    Entry get(long handle) {
        Entry entry = entries.get(handle);
        if (entry == null) {
            throw new MusicFsException(FailureKind.INVALID, "File handle " + handle + " is not open.");
        }
        return entry;
    }

    /** Whether somebody has another version of this file open. */
    boolean hasOther(NodeRow node, FileVersion version) {
        return entries.values().stream()
                .anyMatch(entry -> entry.node().id().equals(node.id())
                        && !entry.file().version().equals(version));
    }

    void close(long handle) {
        Entry entry = entries.remove(handle);
        if (entry != null) {
            room.release();
            entry.file().close();
        }
    }

    int size() {
        return entries.size();
    }

    void closeAll() {
        entries.keySet().forEach(this::close);
    }

    record Entry(NodeRow node, OpenFile file) {}
}
