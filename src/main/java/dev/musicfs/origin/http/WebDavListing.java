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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/** Through PROPFIND: one request says all of a directory, sizes and versions included. */
final class WebDavListing implements Listing {
    private static final long MAX_BYTES = 24L << 20;
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
                .compose(entry -> entry.sizeKnown ? Future.succeededFuture(entry.entry) : heads.stat(path, deadline));
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
                return meaning.of(MultiStatus.parse(
                        response.body().getBytes(), server.limits().entries() + 1));
            } catch (XMLStreamException e) {
                String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
                throw corrupt(response, "is not whole or not WebDAV: " + reason, e);
            }
        });
    }

    private Entry self(RealPath path, Response response, List<MultiStatus.Resource> found) {
        String wanted = bare(response.url().decodedPath());
        return selfOf(path, wanted, found)
                .map(resource -> entry(path, response, resource))
                .orElseThrow(() -> foreign(response, wanted, found));
    }

    private MusicFsException foreign(Response response, String wanted, List<MultiStatus.Resource> found) {
        return corrupt(
                response,
                "does not tell of " + wanted
                        + (found.isEmpty()
                                ? ""
                                : " but of " + pathOf(found.get(0).href())
                                        + "; a proxy in between may change the paths"),
                null);
    }

    /** A server behind a proxy that changes paths calls it by another path, whose end is the same below the root. */
    private static Optional<MultiStatus.Resource> selfOf(
            RealPath path, String wanted, List<MultiStatus.Resource> found) {
        return found.stream()
                .filter(resource -> bare(pathOf(resource.href())).equals(wanted))
                .findFirst()
                .or(() -> isAbove(wanted, found)
                        ? Optional.empty()
                        : found.stream()
                                .filter(resource -> isAbove(bare(pathOf(resource.href())), found)
                                        && (path.isRoot()
                                                || ("/" + bare(pathOf(resource.href()))).endsWith("/" + path.value())))
                                .findFirst());
    }

    private static boolean isAbove(String path, List<MultiStatus.Resource> found) {
        return found.stream()
                .map(resource -> bare(pathOf(resource.href())))
                .allMatch(other -> other.equals(path) || other.startsWith(path + "/"));
    }

    private List<Entry> children(RealPath directory, Response response, List<MultiStatus.Resource> found) {
        server.limits().check(server.name(), directory, found.size() - 1);
        String wanted = bare(response.url().decodedPath());
        Optional<MultiStatus.Resource> self = selfOf(directory, wanted, found);
        // Some tell of all that is in a directory, and not of the directory.
        if (self.isEmpty() && found.stream().noneMatch(resource -> isBelow(pathOf(resource.href()), wanted))) {
            throw foreign(response, wanted, found);
        }
        if (self.isPresent() && !entry(directory, response, self.get()).entry.directory()) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "Not a directory at " + server.name() + ": " + directory);
        }
        String above = self.map(resource -> bare(pathOf(resource.href()))).orElse(wanted);
        Map<RealPath, Entry> children = new TreeMap<>();
        List<String> strays = new ArrayList<>();
        for (MultiStatus.Resource resource : found) {
            String at = bare(pathOf(resource.href()));
            if (at.equals(above) || Refusal.isAbsent(resource.status())) {
                continue;
            }
            nameBelow(above, at)
                    .map(directory::resolve)
                    .ifPresentOrElse(path -> children.put(path, child(path, response, resource)), () -> strays.add(at));
        }
        if (children.isEmpty() && !strays.isEmpty()) {
            // Then it is not this directory that it tells of.
            throw corrupt(response, "tells of " + strays.get(0) + ", which does not lie directly below it", null);
        }
        strays.forEach(at -> {
            RealPath path = directory.resolve(standIn(at));
            children.putIfAbsent(path, stray(path, at));
        });
        return List.copyOf(children.values());
    }

    private static boolean isBelow(String path, String directory) {
        return path.startsWith(directory + "/");
    }

    /** Its name when it lies directly below; empty for what is elsewhere or has no name that a file could have. */
    private static Optional<String> nameBelow(String directory, String path) {
        if (!isBelow(path, directory)) {
            return Optional.empty();
        }
        String name = path.substring(directory.length() + 1);
        boolean possible = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0;
        return possible ? Optional.of(name) : Optional.empty();
    }

    /** A name for what cannot have its own: the whole path it claims, without anything that leads elsewhere. */
    private static String standIn(String path) {
        return Percent.encode(RealPath.encode(path), "-_~ ").replaceAll("^(.{200}).*", "$1");
    }

    private Entry stray(RealPath path, String at) {
        return new Entry(
                OriginEntry.unknown(
                        path,
                        new MusicFsException(
                                FailureKind.CORRUPT,
                                server.name() + " tells of " + at + " in " + path.parent()
                                        + "/, which is not a name of something there")),
                true);
    }

    private Entry child(RealPath path, Response response, MultiStatus.Resource resource) {
        return Refusal.isOfOne(resource.status())
                ? new Entry(
                        OriginEntry.unknown(
                                path,
                                new MusicFsException(
                                        FailureKind.REJECTED,
                                        server.name() + " answers PROPFIND with " + resource.status() + " for "
                                                + resource.href())),
                        true)
                : entry(path, response, resource);
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
                : heads.entry(entry.entry.path(), deadline);
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
