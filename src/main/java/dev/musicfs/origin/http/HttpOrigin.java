package dev.musicfs.origin.http;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
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
import dev.musicfs.origin.wire.WireClient;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Music on a web server. */
final class HttpOrigin implements Origin {
    private static final int IDLE_SECONDS = 30;

    private final OriginConfig config;
    private final String name;
    private final Login login;
    private final WireClient client;
    private final ListingLimits limits;
    private final Listings listings;
    private final RangedReads reads;

    HttpOrigin(OriginConfig config, BackendContext context) {
        this.config = config;
        OriginSettings settings = config.settings();
        BlockingCalls calls = new BlockingCalls(config.id(), context.workers());
        RootUrl root = RootUrl.of(settings.requiredText(HttpBackend.URL));
        this.login = new Login(root, settings, calls);
        HttpRedirects redirects = new HttpRedirects(
                "Origin " + config.id(),
                Set.copyOf(List.of(settings.text(HttpBackend.REDIRECT_HOSTS)
                        .orElse("")
                        .replace(" ", "")
                        .split(","))));
        this.client = new WireClient(
                config, context, IDLE_SECONDS, login, redirects, settings.path(HttpBackend.CA_FILE), true);
        this.limits = ListingLimits.of(settings);
        WebServer server = new WebServer(
                root,
                client,
                calls,
                // The other half is for reads.
                Math.max(1, config.concurrency() / 2),
                this::oneTimeout,
                limits);
        this.name = client.name();
        this.listings = new Listings(settings.text(HttpBackend.LISTING).orElse("auto"), server);
        this.reads = new RangedReads(server, redirects);
    }

    @Override
    public OriginId id() {
        return config.id();
    }

    /** Reads the secrets, {@code REJECTED} when they cannot be had; the server may be away. Later calls try again. */
    @Override
    public Future<Void> start() {
        return login.prepare();
    }

    @Override
    public Future<Void> stop() {
        return client.close();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        MusicFsException tooDeep = limits.tooDeep(name, directory);
        if (tooDeep != null) {
            return Future.failedFuture(tooDeep);
        }
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
