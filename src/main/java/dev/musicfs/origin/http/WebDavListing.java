package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.BodyLimit;
import dev.musicfs.origin.wire.Percent;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/** Through PROPFIND: one request says all of a directory, sizes and versions included. */
final class WebDavListing implements Listing {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MULTI_STATUS = 207;

    private final WebServer server;
    private final Heads heads;

    WebDavListing(WebServer server, Heads heads) {
        this.server = server;
        this.heads = heads;
    }

    /** What the root answers, whether it is WebDAV's answer or not. */
    Future<Response> ask(Deadline deadline) {
        return server.client().send(propfind(RealPath.ROOT, true, 0), deadline);
    }

    static boolean isWebDav(Response response) {
        return response.status() == MULTI_STATUS;
    }

    /** What the root's answer means if it is no WebDAV. */
    MusicFsException refusal(Response response) {
        return Refusal.of(server.name(), HttpMethod.PROPFIND, response);
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return server.client()
                .send(propfind(directory, true, 1), server.deadlines().get())
                .compose(response -> understood(response, found -> children(directory, response, found)))
                .compose(entries -> FutureLoop.map(
                        entries,
                        server.listingConcurrency(),
                        entry -> complete(entry, server.deadlines().get())))
                .map(entries -> entries.stream().flatMap(Optional::stream).toList());
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return server.client()
                .send(propfind(path, path.isRoot(), 0), deadline)
                .compose(response -> understood(response, found -> self(path, response, found)))
                .compose(entry -> complete(entry, deadline))
                .map(entry -> entry.orElseThrow(
                        () -> new MusicFsException(FailureKind.NOT_FOUND, server.name() + " has no longer " + path)));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return stat(RealPath.ROOT, deadline).mapEmpty();
    }

    private Request propfind(RealPath path, boolean directory, int depth) {
        return new Request(
                HttpMethod.PROPFIND,
                server.url(path, directory),
                Map.of("Depth", String.valueOf(depth), "Content-Type", "application/xml; charset=utf-8"),
                Buffer.buffer(MultiStatus.QUESTION),
                head -> isWebDav(head) ? BodyLimit.atMost(MAX_BYTES) : BodyLimit.start(0));
    }

    /** What is to be made of the resources that a response tells of. */
    private interface Meaning<T> {
        T of(List<MultiStatus.Resource> resources);
    }

    private <T> Future<T> understood(Response response, Meaning<T> meaning) {
        if (!response.isSuccess()) {
            return Future.failedFuture(Refusal.of(server.name(), HttpMethod.PROPFIND, response));
        }
        if (!isWebDav(response)) {
            return Future.failedFuture(corrupt(
                    response,
                    Pages.isPage(response)
                            ? "is a web page, such as one for logging in"
                            : "is " + response.status() + " in place of 207",
                    null));
        }
        return server.calls().run(() -> {
            try {
                return meaning.of(MultiStatus.parse(response.body().getBytes()));
            } catch (XMLStreamException e) {
                String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
                throw corrupt(response, "is not whole or not WebDAV: " + reason, e);
            }
        });
    }

    private Entry self(RealPath path, Response response, List<MultiStatus.Resource> found) {
        String wanted = bare(response.url().decodedPath());
        return found.stream()
                .filter(resource -> bare(pathOf(resource.href())).equals(wanted))
                .findFirst()
                .map(resource -> entry(path, response, resource))
                .orElseThrow(() -> corrupt(response, "does not tell of " + wanted, null));
    }

    private List<Entry> children(RealPath directory, Response response, List<MultiStatus.Resource> found) {
        String above = bare(response.url().decodedPath());
        if (!self(directory, response, found).entry.directory()) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "Not a directory at " + server.name() + ": " + directory);
        }
        Map<RealPath, Entry> children = new TreeMap<>();
        for (MultiStatus.Resource resource : found) {
            String at = bare(pathOf(resource.href()));
            if (at.equals(above) || Refusal.isAbsent(resource.status())) {
                continue;
            }
            if (!at.startsWith(above + "/")) {
                throw corrupt(response, "tells of " + at + ", which does not lie below it", null);
            }
            try {
                RealPath path = directory.resolve(at.substring(above.length() + 1));
                if (!path.parent().equals(directory)) {
                    throw new IllegalArgumentException("deeper");
                }
                children.put(path, entry(path, response, resource));
            } catch (IllegalArgumentException e) {
                throw corrupt(response, "tells of " + at + ", which does not lie directly below it", e);
            }
        }
        return List.copyOf(children.values());
    }

    /** What is known, and whether size and version are still to be asked for. */
    private record Entry(OriginEntry entry, boolean sizeKnown) {}

    private Entry entry(RealPath path, Response response, MultiStatus.Resource resource) {
        if (resource.status() / 100 != 2) {
            throw corrupt(response, "is not complete: " + resource.status() + " for " + resource.href(), null);
        }
        OriginEntry entry = new OriginEntry(
                path,
                resource.collection(),
                resource.collection()
                        ? resource.validators().version(0)
                        : resource.validators().version(resource.sizeBytes().orElse(0)),
                0);
        return new Entry(entry, resource.collection() || resource.sizeBytes().isPresent());
    }

    /** Empty when it has vanished meanwhile. */
    private Future<Optional<OriginEntry>> complete(Entry entry, Deadline deadline) {
        return entry.sizeKnown
                ? Future.succeededFuture(Optional.of(entry.entry))
                : heads.statUnlessVanished(entry.entry.path(), deadline);
    }

    private MusicFsException corrupt(Response response, String what, @Nullable Throwable e) {
        return new MusicFsException(
                FailureKind.CORRUPT,
                "The answer of " + server.name() + " to PROPFIND " + response.url() + " " + what,
                e);
    }

    /** Behind a proxy the host in it may be another than the one that was asked. */
    private static String pathOf(String href) {
        int authority = href.startsWith("/") ? -1 : href.indexOf("://");
        if (authority < 0) {
            return Percent.decode(href);
        }
        int path = href.indexOf('/', authority + 3);
        return path < 0 ? "/" : Percent.decode(href.substring(path));
    }

    private static String bare(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
