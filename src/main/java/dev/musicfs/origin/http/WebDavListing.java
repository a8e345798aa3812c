package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.Take;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/** Through PROPFIND: one request says all of a directory, sizes and versions included. */
final class WebDavListing implements Listing {
    private static final long MOST_BYTES = 64L << 20;
    private static final int MULTI_STATUS = 207;

    private final Calls calls;
    private final Heads heads;
    private final Parsing parsing;
    private final int parallel;
    private final Supplier<Deadline> deadlines;

    WebDavListing(Calls calls, Heads heads, Parsing parsing, int parallel, Supplier<Deadline> deadlines) {
        this.calls = calls;
        this.heads = heads;
        this.parsing = parsing;
        this.parallel = parallel;
        this.deadlines = deadlines;
    }

    /** What the root answers, whether it is WebDAV's answer or not. */
    Future<Reply> ask(Deadline deadline) {
        return calls.send(propfind(RealPath.ROOT, true, 0), deadline);
    }

    static boolean isWebDav(Reply reply) {
        return reply.status() == MULTI_STATUS;
    }

    /** What the root's answer means if it is no WebDAV. */
    MusicFsException refusal(Reply reply) {
        return Refusal.of(calls.origin(), propfind(RealPath.ROOT, true, 0), reply);
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return calls.send(propfind(directory, true, 1), deadlines.get())
                .compose(reply -> understood(directory, reply, found -> children(directory, reply, found)))
                .compose(entries -> FutureLoop.map(entries, parallel, entry -> complete(entry, deadlines.get())))
                .map(entries -> entries.stream().flatMap(Optional::stream).toList());
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return calls.send(propfind(path, path.isRoot(), 0), deadline)
                .compose(reply -> understood(path, reply, found -> self(path, reply, found)))
                .compose(entry -> complete(entry, deadline))
                .map(entry -> entry.orElseThrow(
                        () -> new MusicFsException(FailureKind.NOT_FOUND, calls.origin() + " has no longer " + path)));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return stat(RealPath.ROOT, deadline).mapEmpty();
    }

    private Call propfind(RealPath path, boolean directory, int depth) {
        return new Call(
                HttpMethod.PROPFIND,
                calls.root().child(path, directory),
                Map.of("Depth", String.valueOf(depth), "Content-Type", "application/xml; charset=utf-8"),
                Buffer.buffer(MultiStatus.QUESTION),
                response ->
                        response.statusCode() == MULTI_STATUS ? Take.atMost(MOST_BYTES) : Take.start(Call.ERROR_BYTES));
    }

    /** What is to be made of the resources that a reply tells of. */
    private interface Meaning<T> {
        T of(List<MultiStatus.Resource> resources);
    }

    private <T> Future<T> understood(RealPath path, Reply reply, Meaning<T> meaning) {
        if (reply.status() / 100 == 2 && reply.status() != MULTI_STATUS) {
            return Future.failedFuture(corrupt(
                    reply,
                    reply.isPage()
                            ? "is a web page, such as one for logging in"
                            : "is " + reply.status() + " in place of 207",
                    null));
        }
        if (reply.status() != MULTI_STATUS) {
            return Future.failedFuture(Refusal.of(calls.origin(), propfind(path, false, 0), reply));
        }
        return parsing.run(() -> {
            try {
                return meaning.of(MultiStatus.parse(reply.answer().body().getBytes()));
            } catch (XMLStreamException e) {
                String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
                throw corrupt(reply, "is not whole or not WebDAV: " + reason, e);
            }
        });
    }

    private Entry self(RealPath path, Reply reply, List<MultiStatus.Resource> found) {
        String wanted = bare(reply.url().decodedPath());
        return found.stream()
                .filter(resource -> bare(pathOf(resource.href())).equals(wanted))
                .findFirst()
                .map(resource -> entry(path, reply, resource))
                .orElseThrow(() -> corrupt(reply, "does not tell of " + wanted, null));
    }

    private List<Entry> children(RealPath directory, Reply reply, List<MultiStatus.Resource> found) {
        String above = bare(reply.url().decodedPath());
        if (!self(directory, reply, found).entry.directory()) {
            throw new MusicFsException(
                    FailureKind.NOT_FOUND, "Not a directory at " + calls.origin() + ": " + directory);
        }
        Map<RealPath, Entry> children = new TreeMap<>();
        for (MultiStatus.Resource resource : found) {
            String at = bare(pathOf(resource.href()));
            if (at.equals(above) || Refusal.isAbsent(resource.status())) {
                continue;
            }
            if (!at.startsWith(above + "/")) {
                throw corrupt(reply, "tells of " + at + ", which does not lie below it", null);
            }
            try {
                RealPath path = directory.resolve(at.substring(above.length() + 1));
                if (!path.parent().equals(directory)) {
                    throw new IllegalArgumentException("deeper");
                }
                children.put(path, entry(path, reply, resource));
            } catch (IllegalArgumentException e) {
                throw corrupt(reply, "tells of " + at + ", which does not lie directly below it", e);
            }
        }
        return List.copyOf(children.values());
    }

    /** What is known, and whether size and version are still to be asked for. */
    private record Entry(OriginEntry entry, boolean sizeKnown) {}

    private Entry entry(RealPath path, Reply reply, MultiStatus.Resource resource) {
        if (resource.status() / 100 != 2) {
            throw corrupt(reply, "is not complete: " + resource.status() + " for " + resource.href(), null);
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
                : IndexListing.unlessVanished(heads.stat(entry.entry.path(), deadline));
    }

    private MusicFsException corrupt(Reply reply, String what, @Nullable Throwable e) {
        return new MusicFsException(
                FailureKind.CORRUPT, "The answer of " + calls.origin() + " to PROPFIND " + reply.url() + " " + what, e);
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
