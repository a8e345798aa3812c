package dev.musicfs.origin.http;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Secret;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.wire.LazySecret;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.WireClient;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Music on a web server. */
final class HttpOrigin implements Origin {
    private static final int IDLE_SECONDS = 30;

    private final OriginConfig config;
    private final String name;
    private final LazySecret<String> authorization;
    private final WireClient client;
    private final Listings listings;
    private final RangedReads reads;

    HttpOrigin(OriginConfig config, BackendContext context) {
        this.config = config;
        OriginSettings settings = config.settings();
        BlockingCalls calls = new BlockingCalls(config.id(), context.workers());
        RootUrl root = RootUrl.of(settings.requiredText(HttpBackend.URL));
        this.authorization = new LazySecret<>(calls, () -> authorizationBlocking(settings));
        this.client = new WireClient(
                config,
                context,
                IDLE_SECONDS,
                request -> authorization(root, request),
                new HttpRedirects("Origin " + config.id()));
        WebServer server = new WebServer(
                root,
                client,
                calls,
                // The other half is for reads.
                Math.max(1, config.concurrency() / 2),
                this::oneTimeout);
        this.name = client.name();
        this.listings = new Listings(settings.text(HttpBackend.LISTING).orElse("auto"), server);
        this.reads = new RangedReads(server);
    }

    @Override
    public OriginId id() {
        return config.id();
    }

    /** Reads the secrets, {@code REJECTED} when they cannot be had; the server may be away. Later calls try again. */
    @Override
    public Future<Void> start() {
        return authorization.get().mapEmpty();
    }

    @Override
    public Future<Void> stop() {
        return client.close();
    }

    private Future<Map<String, String>> authorization(RootUrl root, Request request) {
        return root.trusts(request.url())
                ? authorization.get().map(value -> value.isEmpty() ? Map.of() : Map.of("Authorization", value))
                : Future.succeededFuture(Map.of());
    }

    /** The value of the header, empty for none. */
    private static String authorizationBlocking(OriginSettings settings) {
        Optional<Secret> token = settings.secret(HttpBackend.TOKEN);
        if (token.isPresent()) {
            return "Bearer " + token.get().readBlocking();
        }
        return settings.text(HttpBackend.USER)
                .or(() -> RootUrl.userOf(settings.requiredText(HttpBackend.URL)))
                .map(user -> user + ":"
                        + settings.secret(HttpBackend.PASSWORD)
                                .map(Secret::readBlocking)
                                .orElse(""))
                .map(both -> "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
                .orElse("");
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return listings.of(oneTimeout())
                .compose(listing -> listing.list(directory))
                .recover(e -> absentOrGone(directory, oneTimeout(), e));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return listings.of(deadline)
                .compose(listing -> listing.stat(path, deadline))
                .recover(e -> absentOrGone(path, deadline, e));
    }

    /** An empty range, such as one at the end, asks the server nothing. */
    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        ByteRange wanted = range.within(expected.sizeBytes());
        return wanted.length() == 0
                ? Future.succeededFuture(Buffer.buffer())
                : reads.read(path, expected, wanted, deadline).recover(e -> absentOrGone(path, deadline, e));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return listings.of(deadline)
                .compose(listing -> listing.probe(deadline))
                .recover(e -> absentOrGone(RealPath.ROOT, deadline, e));
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    private Deadline oneTimeout() {
        return Deadline.in(config.timeout());
    }

    /** A server whose root is away answers 404 to everything: only while the root is there is something else absent. */
    private <T> Future<T> absentOrGone(RealPath path, Deadline deadline, Throwable e) {
        if (MusicFsException.kindOf(e) != FailureKind.NOT_FOUND) {
            return Future.failedFuture(MusicFsException.wrap(name + " failed", e));
        }
        if (path.isRoot()) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE, name + " is gone: its root is not there. " + e.getMessage(), e));
        }
        return probe(deadline).compose(there -> Future.failedFuture(e));
    }
}
