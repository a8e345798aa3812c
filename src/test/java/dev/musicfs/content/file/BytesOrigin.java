package dev.musicfs.content.file;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Files made of arrays or of functions; every call is noted, and can be held or answered in another way. */
final class BytesOrigin implements Origin {
    private final OriginId id;
    private final Map<RealPath, FileVersion> versions = new ConcurrentHashMap<>();
    private final Map<RealPath, BiFunction<Long, Integer, byte[]>> contents = new ConcurrentHashMap<>();
    private final List<ByteRange> calls = new ArrayList<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private boolean holding;
    private volatile Deadline lastDeadline;
    private BiFunction<RealPath, ByteRange, Optional<Future<Buffer>>> fault = (path, range) -> Optional.empty();

    BytesOrigin(String id) {
        this.id = new OriginId(id);
    }

    private record Held(RealPath path, ByteRange range, Promise<Buffer> promise) {}

    FileVersion put(String path, byte[] bytes, long mtime) {
        return put(
                path,
                bytes.length,
                mtime,
                (offset, length) -> java.util.Arrays.copyOfRange(bytes, offset.intValue(), offset.intValue() + length));
    }

    FileVersion put(String path, long size, long mtime, BiFunction<Long, Integer, byte[]> bytes) {
        FileVersion version = new FileVersion(size, mtime, "");
        versions.put(new RealPath(path), version);
        contents.put(new RealPath(path), bytes);
        return version;
    }

    /** The calls since the last look. */
    synchronized List<ByteRange> calls() {
        List<ByteRange> now = List.copyOf(calls);
        calls.clear();
        return now;
    }

    /** What the last call was given. */
    Deadline lastDeadline() {
        return lastDeadline;
    }

    static long bytes(List<ByteRange> calls) {
        return calls.stream().mapToLong(ByteRange::length).sum();
    }

    synchronized void hold(boolean now) {
        holding = now;
    }

    synchronized void fault(BiFunction<RealPath, ByteRange, Optional<Future<Buffer>>> now) {
        fault = now;
    }

    void noFault() {
        fault((path, range) -> Optional.empty());
    }

    void failWith(FailureKind kind) {
        fault((path, range) -> Optional.of(Future.failedFuture(new MusicFsException(kind, "fault"))));
    }

    synchronized int heldCalls() {
        return held.size();
    }

    synchronized long heldBytes() {
        return held.stream().mapToLong(each -> each.range().length()).sum();
    }

    /** Answers the call that has been held longest; false without one. */
    boolean answerOne() {
        Held next;
        synchronized (this) {
            next = held.poll();
        }
        if (next != null) {
            next.promise().complete(bytesOf(next.path(), next.range()));
        }
        return next != null;
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        synchronized (this) {
            calls.add(range);
            lastDeadline = deadline;
            Optional<Future<Buffer>> other = fault.apply(path, range);
            if (other.isPresent()) {
                return other.get();
            }
            if (!expected.equals(versions.get(path))) {
                return Future.failedFuture(new MusicFsException(FailureKind.STALE, "changed"));
            }
            if (holding) {
                Held call = new Held(path, range, Promise.promise());
                held.add(call);
                return call.promise().future();
            }
        }
        return Future.succeededFuture(bytesOf(path, range));
    }

    Buffer bytesOf(RealPath path, ByteRange range) {
        return Buffer.buffer(contents.get(path).apply(range.offset(), (int) range.length()));
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
        throw new AssertionError("listed " + directory);
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        throw new AssertionError("asked for " + path);
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return Future.succeededFuture();
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }
}
