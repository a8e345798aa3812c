package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.Take;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Through the page a server makes of a directory. It has only names, so every file costs a HEAD: a directory of 10,000
 * files takes 10,000 requests, half of the origin's concurrency at a time.
 */
final class IndexListing implements Listing {
    private static final long MOST_BYTES = 32L << 20;

    private final Calls calls;
    private final Heads heads;
    private final Parsing parsing;
    private final int parallel;
    private final Supplier<Deadline> deadlines;

    IndexListing(Calls calls, Heads heads, Parsing parsing, int parallel, Supplier<Deadline> deadlines) {
        this.calls = calls;
        this.heads = heads;
        this.parsing = parsing;
        this.parallel = parallel;
        this.deadlines = deadlines;
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return names(directory, deadlines.get())
                .compose(names -> FutureLoop.map(
                        List.copyOf(names.entrySet()),
                        parallel,
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
        Call get = Call.get(
                calls.root().child(directory, true),
                Map.of("Accept", "text/html"),
                response -> response.statusCode() == 200
                        ? isPage(response.getHeader("Content-Type")) ? Take.atMost(MOST_BYTES) : Take.start(0)
                        : Take.start(Call.ERROR_BYTES));
        return calls.send(get, deadline).compose(reply -> {
            if (reply.status() != 200) {
                return Future.failedFuture(
                        reply.status() / 100 == 2 ? noIndex(reply) : Refusal.of(calls.origin(), get, reply));
            }
            if (!reply.isPage()) {
                return Future.failedFuture(noIndex(reply));
            }
            return parsing.run(
                    () -> IndexPage.parse(reply.answer().body().getBytes(), reply.url(), titles(directory, reply))
                            .orElseThrow(() -> noIndex(reply)));
        });
    }

    private static boolean isPage(@org.jspecify.annotations.Nullable String contentType) {
        return contentType != null && Pages.isPage(contentType);
    }

    /** The directory's path as it was asked for and, for a proxy that cuts off the root's, as the server may know it. */
    private static Set<String> titles(RealPath directory, Reply reply) {
        Set<String> titles = new HashSet<>();
        titles.add(reply.url().decodedPath());
        titles.add(directory.isRoot() ? "/" : "/" + directory.value() + "/");
        return titles;
    }

    private MusicFsException noIndex(Reply reply) {
        return new MusicFsException(
                FailureKind.CORRUPT,
                calls.origin() + " has no index of the directory " + reply.url()
                        + ": the answer is another page, such as one for logging in, or only a part of one");
    }

    private Future<Optional<OriginEntry>> entry(RealPath path, boolean directory) {
        return directory
                ? Future.succeededFuture(Optional.of(new OriginEntry(path, true, new FileVersion(0, 0, ""), 0)))
                : unlessVanished(heads.stat(path, deadlines.get()));
    }

    /** Between the listing and the look at it a file may be removed. */
    static Future<Optional<OriginEntry>> unlessVanished(Future<OriginEntry> stat) {
        return stat.map(Optional::of)
                .recover(e -> MusicFsException.kindOf(e) == FailureKind.NOT_FOUND
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(e));
    }
}
