package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.RangeRequest;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.origin.wire.Validators;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of a bucket whose keys begin with a prefix, as files; what stands before a slash is a directory. A version
 * is size, time of change and ETag.
 */
final class S3Origin implements Origin {
    // A server that answers with the whole file is read up to the range and then cut; not for ever.
    private static final long MAX_SKIPPED_BYTES = 16 << 20;

    private final OriginConfig config;
    private final BackendContext context;
    private final Bucket bucket;
    private final Directories directories;

    S3Origin(OriginConfig config, BackendContext context, Map<String, String> environment) {
        this.config = config;
        this.context = context;
        BlockingCalls calls = new BlockingCalls(id(), context.workers());
        this.bucket = new Bucket(config, context, calls, environment);
        this.directories = new Directories(id(), bucket, calls, this::oneTimeout, ListingLimits.of(config.settings()));
    }

    @Override
    public OriginId id() {
        return config.id();
    }

    /** Fails, with a sentence, when a secret cannot be read or the bucket cannot be listed; later calls try again. */
    @Override
    public Future<Void> start() {
        return bucket.prepare().compose(ready -> directories.checkRoot(oneTimeout()));
    }

    @Override
    public Future<Void> stop() {
        return bucket.client().close();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return directories.list(directory);
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        if (path.isRoot()) {
            return directories.checkRoot(deadline).map(there -> Directories.entry(path));
        }
        Request head = Request.head(bucket.location().url(bucket.location().key(path)));
        return bucket.client().send(head, deadline).compose(response -> {
            Validators validators = Validators.of(response);
            if (response.status() == 200
                    && !validators.isEmpty()
                    && response.contentLength().isPresent()) {
                return Future.succeededFuture(new OriginEntry(
                        path,
                        false,
                        new FileVersion(
                                response.contentLength().getAsLong(),
                                validators.mtimeNanos(),
                                Validators.unquoted(validators.etag())),
                        0));
            }
            if (response.status() == 200) {
                return Future.failedFuture(noObject(path));
            }
            // Nobody says in the answer to a HEAD whether it is the object or the bucket that is not there.
            return response.status() == 404
                    ? directories.find(path, deadline)
                    : Future.failedFuture(Failures.of("Origin " + id() + " cannot look at " + path, response));
        });
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        ByteRange wanted = range.within(expected.sizeBytes());
        if (wanted.length() == 0) {
            return Future.succeededFuture(Buffer.buffer());
        }
        if (path.isRoot()) {
            return Future.failedFuture(new MusicFsException(FailureKind.INVALID, "A directory cannot be read."));
        }
        RangeRequest request = new RangeRequest(
                path + " of origin " + id(),
                new Validators(quoted(expected.tag()), expected.mtimeNanos()),
                expected.sizeBytes(),
                wanted);
        HttpUrl url = bucket.location().url(bucket.location().key(path));
        return request.send(bucket.client(), url, head -> check(path, wanted, head), deadline)
                .compose(response -> response.isSuccess()
                        ? Future.succeededFuture(request.bytes(response))
                        : Failures.isAbsent(response)
                                ? directories.absent(path, deadline)
                                : Future.failedFuture(
                                        Failures.of("Origin " + id() + " cannot read " + path, response)));
    }

    private void check(RealPath path, ByteRange wanted, Response head) {
        if (head.status() != 200 && head.status() != 206) {
            throw new MusicFsException(
                    FailureKind.CORRUPT,
                    "Origin " + id() + " answers a read of " + path + " with status " + head.status());
        }
        if (head.status() == 200 && Validators.of(head).isEmpty()) {
            throw noObject(path);
        }
        if (head.status() == 200 && wanted.offset() > MAX_SKIPPED_BYTES) {
            throw new MusicFsException(
                    FailureKind.REJECTED, "Origin " + id() + " does not give ranges, only whole files");
        }
    }

    private MusicFsException noObject(RealPath path) {
        return new MusicFsException(
                FailureKind.CORRUPT, "Origin " + id() + " gives something else than an object for " + path);
    }

    private static String quoted(String tag) {
        return tag.isEmpty() || tag.startsWith("W/") ? tag : "\"" + tag + "\"";
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return directories.checkRoot(deadline);
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    /** For tests: connections that are open, used or idle. */
    int openConnections() {
        return bucket.client().openConnections();
    }

    /** For tests: requests without an answer yet. */
    int requestsUnderWay() {
        return bucket.client().requestsUnderWay();
    }

    private Deadline oneTimeout() {
        return Deadline.in(config.timeout(), context.clock()::monotonicNanos);
    }
}
