package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.BodyLimit;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the keys of a bucket say about directories. For any thread. */
final class Directories {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);
    // 1000 keys of 1024 bytes, each byte percent-encoded, and what stands around them.
    private static final int MAX_PAGE_BYTES = 8 << 20;
    private static final int MOST_KEYS_IN_PAGE = 1000;

    private final OriginId id;
    private final Bucket bucket;
    private final BlockingCalls calls;
    private final Supplier<Deadline> onePage;
    private final ListingLimits limits;

    Directories(OriginId id, Bucket bucket, BlockingCalls calls, Supplier<Deadline> onePage, ListingLimits limits) {
        this.limits = limits;
        this.id = id;
        this.bucket = bucket;
        this.calls = calls;
        this.onePage = onePage;
    }

    static OriginEntry entry(RealPath path) {
        return new OriginEntry(path, true, new FileVersion(0, 0, ""), 0);
    }

    /** As {@link dev.musicfs.origin.Origin#list}. */
    Future<List<OriginEntry>> list(RealPath directory) {
        MusicFsException tooDeep = limits.tooDeep("Origin " + id, directory);
        if (tooDeep != null) {
            return Future.failedFuture(tooDeep);
        }
        Listing listing =
                new Listing(about(directory), directory, bucket.location().prefix(directory), limits);
        return pages(listing, directory).compose(all -> {
            if (listing.odd() > 0) {
                LOG.warn(
                        "Origin {}: {} keys in \"{}\" cannot be shown as files, one of them \"{}\"",
                        id,
                        listing.odd(),
                        directory,
                        listing.oneOdd());
            }
            if (listing.exists()) {
                return calls.run(listing::sorted);
            }
            return directory.isRoot() ? checkRoot(onePage.get()).map(List.of()) : absent(directory, onePage.get());
        });
    }

    private Future<Void> pages(Listing listing, RealPath directory) {
        Map<String, String> query = query(bucket.location().prefix(directory), MOST_KEYS_IN_PAGE);
        query.put("delimiter", "/");
        return FutureLoop.repeat(() -> fetch(query, directory, onePage.get())
                .compose(page -> calls.run(() -> {
                    listing.add(page);
                    if (page.next() == null) {
                        return false;
                    }
                    if (page.next().equals(query.put("continuation-token", page.next()))) {
                        throw new MusicFsException(
                                FailureKind.CORRUPT, about(directory) + ": the same page again and again");
                    }
                    return true;
                })));
    }

    /** The directory of this path, which is no file. */
    Future<OriginEntry> find(RealPath path, Deadline deadline) {
        return isEmpty(path, deadline)
                .compose(empty -> empty ? absent(path, deadline) : Future.succeededFuture(entry(path)));
    }

    /**
     * Whether the origin is there: the bucket answers, and if keys must have a prefix, there are such keys. A prefix
     * that has none is nothing that anybody could have made, so it says nothing about what it once held.
     */
    Future<Void> checkRoot(Deadline deadline) {
        return isEmpty(RealPath.ROOT, deadline)
                .compose(empty -> empty && !bucket.location().prefix().isEmpty()
                        ? Future.failedFuture(new MusicFsException(
                                FailureKind.UNAVAILABLE,
                                "Origin " + id + " is not there: nothing lies in " + bucket.location() + "."))
                        : Future.succeededFuture());
    }

    /** Fails for what the bucket says it has not: {@code NOT_FOUND} if the rest of the origin is there. */
    <T> Future<T> absent(RealPath path, Deadline deadline) {
        Future<Void> there = bucket.location().prefix().isEmpty() ? Future.succeededFuture() : checkRoot(deadline);
        return there.compose(root ->
                Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "Not on origin " + id + ": " + path)));
    }

    private Future<Boolean> isEmpty(RealPath directory, Deadline deadline) {
        return fetch(query(bucket.location().prefix(directory), 1), directory, deadline)
                .map(page -> page.items().isEmpty() && page.prefixes().isEmpty());
    }

    private static Map<String, String> query(String prefix, int most) {
        Map<String, String> query = new TreeMap<>();
        query.put("list-type", "2");
        query.put("encoding-type", "url");
        query.put("max-keys", Integer.toString(most));
        query.put("prefix", prefix);
        return query;
    }

    private Future<ListingPage> fetch(Map<String, String> query, RealPath directory, Deadline deadline) {
        Request get = Request.get(bucket.location().url(query), Map.of(), head -> BodyLimit.atMost(MAX_PAGE_BYTES));
        return bucket.client()
                .send(get, deadline)
                .compose(response -> response.status() == 200
                        ? calls.run(() -> parseBlocking(response, directory))
                        : Future.failedFuture(Failures.ofBucket(about(directory), response)));
    }

    private ListingPage parseBlocking(Response response, RealPath directory) {
        try {
            return ListingPage.parse(response.body().getBytes());
        } catch (XMLStreamException e) {
            throw new MusicFsException(
                    FailureKind.CORRUPT, about(directory) + ": the answer is no listing of S3: " + e.getMessage(), e);
        }
    }

    private String about(RealPath directory) {
        return "Origin " + id + " cannot list " + (directory.isRoot() ? "its root" : directory);
    }
}
