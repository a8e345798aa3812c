package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.BodyLimit;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Through the page a server makes of a directory. It has only names, so every file costs a HEAD: a directory of 10,000
 * files takes 10,000 requests, half of the origin's concurrency at a time.
 */
final class IndexListing implements Listing {
    private static final long MAX_BYTES = 16L << 20;

    private final WebServer server;
    private final Heads heads;

    IndexListing(WebServer server, Heads heads) {
        this.server = server;
        this.heads = heads;
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return names(directory, server.deadlines().get())
                .compose(names -> FutureLoop.map(
                        List.copyOf(names.entrySet()),
                        server.listingConcurrency(),
                        name -> entry(directory.resolve(name.getKey()), name.getValue())))
                .map(entries -> entries.stream()
                        .flatMap(Optional::stream)
                        .sorted((a, b) -> a.path().compareTo(b.path()))
                        .toList());
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return heads.stat(path, deadline);
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return heads.stat(RealPath.ROOT, deadline).mapEmpty();
    }

    /** The same, and that there is an index of it. */
    Future<Void> probeIndex(Deadline deadline) {
        return names(RealPath.ROOT, deadline).mapEmpty();
    }

    private Future<Map<String, Boolean>> names(RealPath directory, Deadline deadline) {
        Request get = Request.get(
                server.url(directory, true),
                Map.of("Accept", "text/html"),
                head -> isIndex(head) || JsonIndex.isOne(head) ? BodyLimit.atMost(MAX_BYTES) : BodyLimit.start(0));
        return server.client().send(get, deadline).compose(response -> {
            if (JsonIndex.isOne(response)) {
                return server.calls().run(() -> {
                    Map<String, Boolean> names = JsonIndex.parse(response.body().getBytes());
                    server.limits().check(server.name(), directory, names.size());
                    return names;
                });
            }
            if (isIndex(response)) {
                return server.calls().run(() -> IndexPage.parse(response.body().getBytes(), response.url(), directory)
                        .map(names -> {
                            server.limits().check(server.name(), directory, names.size());
                            return names;
                        })
                        .orElseThrow(() -> noIndex(response)));
            }
            return Future.failedFuture(
                    response.isSuccess() ? noIndex(response) : Refusal.of(server.name(), HttpMethod.GET, response));
        });
    }

    private static boolean isIndex(Response response) {
        return response.status() == 200 && Pages.isPage(response);
    }

    private MusicFsException noIndex(Response response) {
        return new MusicFsException(
                FailureKind.CORRUPT,
                server.name() + " has no index of the directory " + response.url()
                        + ": the answer is another page, such as one for logging in, or only a part of one");
    }

    private Future<Optional<OriginEntry>> entry(RealPath path, boolean directory) {
        return directory
                ? Future.succeededFuture(Optional.of(Heads.directory(path)))
                : heads.entry(path, server.deadlines().get());
    }
}
