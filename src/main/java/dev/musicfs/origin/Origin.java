package dev.musicfs.origin;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * A place where music lies. Every method returns at once, never throws, and its future fails with a
 * {@link dev.musicfs.failure.MusicFsException} whose kind is part of the contract. Nothing here ever changes a file.
 */
public interface Origin {
    /** The configured name. */
    OriginId id();

    /** Takes up connections, threads and the like. */
    Future<Void> start();

    /** Gives everything up; pending calls fail or finish. */
    Future<Void> stop();

    /**
     * The files and directories directly in {@code directory}, ordered by path. The list is complete or the future
     * fails: {@code NOT_FOUND} only when the origin itself is there and the directory is not. What has a name there and
     * cannot be looked at is listed too, as {@linkplain OriginEntry#unknown(RealPath, dev.musicfs.failure.MusicFsException)
     * unknown}: it costs nothing but itself. A large directory may take many requests; each of them is bounded by the
     * origin's configured timeout, and the next is only sent when the one before has brought something.
     */
    Future<List<OriginEntry>> list(RealPath directory);

    /** One file or directory; {@code NOT_FOUND} as for {@link #list}. Bounded as {@link #read} is. */
    Future<OriginEntry> stat(RealPath path, Deadline deadline);

    /**
     * The bytes of {@code range}, cut at the end of the file; empty at or past the end. Fails with {@code STALE} when
     * the file is no longer the version {@code expected}, and with {@code TIMEOUT} when the deadline has passed: then the
     * request is given up at the origin too, as far as its protocol allows, and its connection is not left in doubt.
     */
    Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline);

    /**
     * As {@link #read}, into {@code into} from its beginning on; how many bytes. Until the future has completed {@code into}
     * may be written, and has to be held; after that it is not touched any more.
     */
    default Future<Integer> readInto(
            RealPath path, FileVersion expected, ByteRange range, Deadline deadline, PooledBuffer into) {
        return read(path, expected, range, deadline).map(into::put);
    }

    /** Whether the origin is there at all, as cheaply as it can tell; bounded as {@link #read} is. */
    Future<Void> probe(Deadline deadline);

    /** How changes can be noticed as they happen; empty when the origin has to be polled. */
    Optional<OriginWatch> watch();

    /** How its files can be opened on this machine without going through {@link #read}; empty for remote origins. */
    Optional<DirectFiles> directFiles();
}
