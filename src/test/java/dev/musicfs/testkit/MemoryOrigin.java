package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeKey;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A healthy origin in memory, safe for many threads; every answer is there at once. Faults: {@link FaultyOrigin}. */
public final class MemoryOrigin implements Origin {
    private final OriginId id;
    private final Map<RealPath, Node> nodes = new ConcurrentSkipListMap<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean gone;
    private volatile Optional<OriginWatch> watch = Optional.empty();

    /** A file or directory; a directory has no bytes. */
    private record Node(OriginEntry entry, Buffer bytes) {}

    /** An origin without files. */
    public MemoryOrigin(OriginId id) {
        this.id = id;
    }

    /** The same by name. */
    public MemoryOrigin(String id) {
        this(new OriginId(id));
    }

    /** Puts a file there, with its directories, as a version it never had before and a file key of its own. */
    public FileVersion put(String path, byte[] bytes) {
        long number = changes.incrementAndGet();
        return put(path, bytes, number, number);
    }

    /** The same with a modification time, nanoseconds since the epoch, and a file key. */
    public FileVersion put(String path, byte[] bytes, long mtimeNanos, long fileKey) {
        RealPath file = new RealPath(path);
        for (RealPath at = file.parent(); !at.isRoot(); at = at.parent()) {
            nodes.putIfAbsent(at, new Node(new OriginEntry(at, true, new FileVersion(0, 0, ""), 0), Buffer.buffer()));
        }
        FileVersion version = new FileVersion(bytes.length, mtimeNanos, "");
        nodes.put(file, new Node(new OriginEntry(file, false, version, fileKey), Buffer.buffer(bytes.clone())));
        return version;
    }

    /** The same with bytes that follow from the path: {@link #bytesOf}. */
    public FileVersion put(String path, int sizeBytes, long mtimeNanos, long fileKey) {
        return put(path, bytesOf(path, sizeBytes), mtimeNanos, fileKey);
    }

    /** The same on a disk that says when the file was last changed in any way; an inode number is born once. */
    public FileVersion put(String path, int sizeBytes, long mtimeNanos, long inode, long changeNanos) {
        return put(path, sizeBytes, mtimeNanos, inode, changeNanos, OptionalLong.of(inode));
    }

    /** The same with the time of its birth, if the disk tells that. */
    public FileVersion put(
            String path, int sizeBytes, long mtimeNanos, long inode, long changeNanos, OptionalLong birthNanos) {
        long key = InodeKey.of(inode, birthNanos);
        put(path, sizeBytes, mtimeNanos, key);
        FileVersion version = new FileVersion(sizeBytes, mtimeNanos, new InodeTag(inode, changeNanos).text());
        nodes.computeIfPresent(
                new RealPath(path), (at, node) -> new Node(new OriginEntry(at, false, version, key), node.bytes));
        return version;
    }

    /** Bytes that differ from path to path and do not repeat themselves. */
    public static byte[] bytesOf(String path, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        new java.util.Random(path.hashCode()).nextBytes(bytes);
        return bytes;
    }

    /** As a comparison with the parent, which takes as long as the path has names. */
    public static boolean liesIn(RealPath directory, RealPath path) {
        int slash = path.value().lastIndexOf('/');
        return directory.isRoot()
                ? slash < 0
                : slash == directory.value().length() && path.value().startsWith(directory.value());
    }

    /** From now on nobody can look at what has this name, a file or a directory with all it holds. */
    public void unknown(String path, MusicFsException why) {
        remove(path);
        RealPath at = new RealPath(path);
        nodes.put(at, new Node(OriginEntry.unknown(at, why), Buffer.buffer()));
    }

    /** Removes a file, or a directory with all it holds. */
    public void remove(String path) {
        nodes.keySet().removeIf(at -> at.value().equals(path) || at.value().startsWith(path + "/"));
    }

    /** Makes the origin's root vanish or come back; without it everything is {@code UNAVAILABLE}. */
    public void gone(boolean now) {
        gone = now;
    }

    /** From now on it cannot be watched. */
    public void unwatch() {
        watch = Optional.empty();
    }

    /** From now on it can be watched so. */
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
        return answer(() -> {
            if (!directory.isRoot() && !find(directory).entry.directory()) {
                throw absent(directory);
            }
            return nodes.values().stream()
                    .map(Node::entry)
                    .filter(entry -> liesIn(directory, entry.path()))
                    .toList();
        });
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return answer(
                () -> path.isRoot() ? new OriginEntry(path, true, new FileVersion(0, 0, ""), 0) : find(path).entry);
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return answer(() -> {
            Node node = find(path);
            if (node.entry.directory()) {
                throw new MusicFsException(FailureKind.INVALID, path + " is a directory");
            }
            if (!node.entry.version().equals(expected)) {
                throw new MusicFsException(FailureKind.STALE, path + " is another version by now");
            }
            ByteRange there = range.within(node.bytes.length());
            return node.bytes.getBuffer(Math.toIntExact(there.offset()), Math.toIntExact(there.end()));
        });
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return answer(() -> null);
    }

    @Override
    public Optional<OriginWatch> watch() {
        return watch;
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    private <T> Future<T> answer(Supplier<T> call) {
        try {
            if (gone) {
                throw new MusicFsException(FailureKind.UNAVAILABLE, "origin " + id + " is gone");
            }
            return Future.succeededFuture(call.get());
        } catch (MusicFsException e) {
            return Future.failedFuture(e);
        }
    }

    private Node find(RealPath path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw absent(path);
        }
        node.entry.unknown().ifPresent(why -> {
            throw why;
        });
        return node;
    }

    private MusicFsException absent(RealPath path) {
        return new MusicFsException(FailureKind.NOT_FOUND, "origin " + id + " has no " + path);
    }
}
