package dev.musicfs.origin.guard;

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
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a guarded origin on the event loop of its verticle, for callers on any thread; answers come on the caller's
 * context. It has no timer, for a guard answers by the deadline. While the verticle is not deployed, everything fails with {@code
 * UNAVAILABLE}.
 */
final class ConfinedOrigin implements Origin {
    private final GuardedOrigin guard;
    private final Vertx vertx;
    private volatile @Nullable Context loop;

    ConfinedOrigin(GuardedOrigin guard, Vertx vertx) {
        this.guard = guard;
        this.vertx = vertx;
    }

    /** From now on it is asked on this event loop. */
    void open(Context verticle) {
        loop = verticle;
    }

    /** From now on it is not asked; what is under way is still answered. */
    void close() {
        loop = null;
    }

    @Override
    public OriginId id() {
        return guard.id();
    }

    /** Does nothing: the verticle starts it. */
    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    /** Does nothing: the verticle stops it. */
    @Override
    public Future<Void> stop() {
        return Future.succeededFuture();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return ask(() -> guard.list(directory));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return ask(() -> guard.stat(path, deadline));
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return ask(() -> guard.read(path, expected, range, deadline));
    }

    @Override
    public Future<Integer> readInto(
            RealPath path, FileVersion expected, ByteRange range, Deadline deadline, PooledBuffer into) {
        return ask(() -> guard.readInto(path, expected, range, deadline, into));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return ask(() -> guard.probe(deadline));
    }

    @Override
    public Optional<OriginWatch> watch() {
        return guard.watch();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return guard.directFiles();
    }

    private <T> Future<T> ask(Supplier<Future<T>> call) {
        Context there = loop;
        if (there == null) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.UNAVAILABLE, "Nobody asks origin " + id() + " at present."));
        }
        Context here = vertx.getOrCreateContext();
        Promise<T> answer = Promise.promise();
        return Calls.safely(() -> {
            there.runOnContext(
                    asked -> call.get().onComplete(result -> here.runOnContext(answered -> answer.handle(result))));
            return answer.future();
        });
    }
}
