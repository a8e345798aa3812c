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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Through the page a server makes of a directory. It has only names, so every file costs a HEAD: a directory of 10,000
 * files takes 10,000 requests, half of the origin's concurrency at a time.
 */
final class IndexListing implements Listing {
    private static final long MAX_BYTES = 32L << 20;

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
                head -> isIndex(head) ? BodyLimit.atMost(MAX_BYTES) : BodyLimit.start(0));
        return server.client().send(get, deadline).compose(response -> {
            if (isIndex(response)) {
                return server.calls().run(() -> IndexPage.parse(
                                response.body().getBytes(), response.url(), titles(directory, response))
                        .orElseThrow(() -> noIndex(response)));
            }
            return Future.failedFuture(
                    response.isSuccess() ? noIndex(response) : Refusal.of(server.name(), HttpMethod.GET, response));
        });
    }

    private static boolean isIndex(Response response) {
        return response.status() == 200 && Pages.isPage(response);
    }

    /** The directory's path as it was asked for and, for a proxy that cuts off the root's, as the server may know it. */
    private static Set<String> titles(RealPath directory, Response response) {
        Set<String> titles = new HashSet<>();
        titles.add(response.url().decodedPath());
        titles.add(directory.isRoot() ? "/" : "/" + directory.value() + "/");
        return titles;
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
                : heads.statUnlessVanished(path, server.deadlines().get());
    }
}
