package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of a bucket whose keys begin with a prefix, as files; what stands before a slash is a directory. A version
 * is size, time of change and ETag.
 */
final class S3Origin implements Origin {
    private static final int MOST_IN_ONE_READ = 1 << 30;

    private final OriginConfig config;
    private final BackendContext context;
    private final Connection connection;
    private final Directories directories;

    /** Its connections live on the event loop on which it is started, so none may be made on a worker's thread. */
    S3Origin(OriginConfig config, BackendContext context, Map<String, String> environment) {
        this.config = config;
        this.context = context;
        this.connection = new Connection(config, context, environment);
        this.directories = new Directories(id(), connection, context.workers(), this::oneTimeout);
    }

    @Override
    public OriginId id() {
        return config.id();
    }

    /** Fails, with a sentence, when a secret cannot be read or the bucket cannot be listed; later calls try again. */
    @Override
    public Future<Void> start() {
        return delivered(connection.prepare().compose(ready -> directories.checkRoot(oneTimeout())));
    }

    @Override
    public Future<Void> stop() {
        return connection.close();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return delivered(directories.list(directory));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        if (path.isRoot()) {
            return delivered(directories.checkRoot(deadline).map(there -> Directories.entry(path)));
        }
        return delivered(head(path, deadline));
    }

    private Future<OriginEntry> head(RealPath path, Deadline deadline) {
        Call call = new Call(HttpMethod.HEAD, connection.location().key(path), Map.of(), Map.of(), "look at " + path);
        return connection
                .send(call, (status, headers) -> new Answer.BodyRule(0, 0, false), deadline)
                .compose(answer -> {
                    FileVersion version = answer.status() == 200 ? ObjectHeaders.version(answer.headers()) : null;
                    if (version != null) {
                        return Future.succeededFuture(new OriginEntry(path, false, version, 0));
                    }
                    if (answer.status() == 200) {
                        return Future.failedFuture(new MusicFsException(
                                FailureKind.CORRUPT,
                                about(call) + ": the server described something else than an object"));
                    }
                    // Nobody says in the answer to a HEAD whether it is the object or the bucket that is not there.
                    return answer.status() == 404
                            ? directories.find(path, deadline)
                            : Future.failedFuture(Failures.of(about(call), answer));
                });
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        ByteRange wanted = range.within(expected.sizeBytes());
        if (wanted.length() == 0) {
            return Future.succeededFuture(Buffer.buffer());
        }
        if (path.isRoot() || wanted.length() > MOST_IN_ONE_READ) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.INVALID,
                    path.isRoot()
                            ? "A directory cannot be read."
                            : "More than 1 GiB asked for in one read of " + path));
        }
        String what = "read " + path;
        RangeRule rule = new RangeRule("Origin " + id() + " cannot " + what, expected, wanted);
        Call call = new Call(HttpMethod.GET, connection.location().key(path), Map.of(), rule.headers(), what);
        return delivered(connection.send(call, rule, deadline).compose(answer -> {
            if (answer.status() / 100 == 2) {
                return answer.body().length() == wanted.length()
                        ? Future.succeededFuture(answer.body())
                        : Future.failedFuture(new MusicFsException(
                                FailureKind.CORRUPT,
                                about(call) + ": " + answer.body().length() + " bytes instead of " + wanted.length()));
            }
            return Failures.isAbsent(answer)
                    ? directories.absent(path, deadline)
                    : Future.failedFuture(Failures.of(about(call), answer));
        }));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return delivered(directories.checkRoot(deadline));
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    /** For gauges: connections that are open, used or idle. */
    int openConnections() {
        return connection.open();
    }

    /** For gauges: requests without an answer yet. */
    int requestsUnderWay() {
        return connection.underWay();
    }

    private Deadline oneTimeout() {
        return Deadline.in(config.timeout(), context.clock()::monotonicNanos);
    }

    private String about(Call call) {
        return "Origin " + id() + " cannot " + call.about();
    }

    // The caller's event loop, if it is on one, gets its answer there.
    private static <T> Future<T> delivered(Future<T> answer) {
        Context caller = Vertx.currentContext();
        if (caller == null || !caller.isEventLoopContext()) {
            return answer;
        }
        Promise<T> there = Promise.promise();
        answer.onComplete(any -> caller.runOnContext(go -> there.handle(any)));
        return there.future();
    }
}
