package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.s3.Answer.BodyRule;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the keys of a bucket say about directories. For any thread. */
final class Directories {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);
    // 1000 keys of 1024 bytes, each byte percent-encoded, and what stands around them.
    private static final int MOST_PAGE_BYTES = 8 << 20;
    private static final int MOST_KEYS_IN_PAGE = 1000;

    private final OriginId id;
    private final Connection connection;
    private final WorkerExecutor workers;
    private final Supplier<Deadline> onePage;

    Directories(OriginId id, Connection connection, WorkerExecutor workers, Supplier<Deadline> onePage) {
        this.id = id;
        this.connection = connection;
        this.workers = workers;
        this.onePage = onePage;
    }

    static OriginEntry entry(RealPath path) {
        return new OriginEntry(path, true, new FileVersion(0, 0, ""), 0);
    }

    /** As {@link dev.musicfs.origin.Origin#list}. */
    Future<List<OriginEntry>> list(RealPath directory) {
        Listing listing =
                new Listing(about(directory), directory, connection.location().prefix(directory));
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
                return onWorker(listing::sorted);
            }
            return directory.isRoot() ? checkRoot(onePage.get()).map(List.of()) : absent(directory, onePage.get());
        });
    }

    private Future<Void> pages(Listing listing, RealPath directory) {
        Map<String, String> query = query(connection.location().prefix(directory), MOST_KEYS_IN_PAGE);
        query.put("delimiter", "/");
        return FutureLoop.repeat(() -> fetch(query, directory, onePage.get())
                .compose(page -> onWorker(() -> {
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
                .compose(empty -> empty && !connection.location().prefix().isEmpty()
                        ? Future.failedFuture(new MusicFsException(
                                FailureKind.UNAVAILABLE,
                                "Origin " + id + " is not there: nothing lies in " + connection.location() + "."))
                        : Future.succeededFuture());
    }

    /** Fails for what the bucket says it has not: {@code NOT_FOUND} if the rest of the origin is there. */
    <T> Future<T> absent(RealPath path, Deadline deadline) {
        Future<Void> there = connection.location().prefix().isEmpty() ? Future.succeededFuture() : checkRoot(deadline);
        return there.compose(root ->
                Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "Not on origin " + id + ": " + path)));
    }

    private Future<Boolean> isEmpty(RealPath directory, Deadline deadline) {
        return fetch(query(connection.location().prefix(directory), 1), directory, deadline)
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
        Call call = new Call(HttpMethod.GET, "", query, Map.of(), what(directory));
        return connection
                .send(call, (status, headers) -> new BodyRule(0, MOST_PAGE_BYTES, false), deadline)
                .compose(answer -> answer.status() == 200
                        ? onWorker(() -> parseBlocking(answer, directory))
                        : Future.failedFuture(Failures.ofBucket(about(directory), answer)));
    }

    private ListingPage parseBlocking(Answer answer, RealPath directory) {
        try {
            return ListingPage.parse(answer.body().getBytes());
        } catch (XMLStreamException e) {
            throw new MusicFsException(
                    FailureKind.CORRUPT, about(directory) + ": the answer is no listing of S3: " + e.getMessage(), e);
        }
    }

    private <T> Future<T> onWorker(Supplier<T> work) {
        try {
            return workers.executeBlocking(work::get, false)
                    .recover(e -> Future.failedFuture(e instanceof MusicFsException ? e : stopped(e)));
        } catch (RejectedExecutionException | IllegalStateException e) {
            return Future.failedFuture(stopped(e));
        }
    }

    private MusicFsException stopped(Throwable e) {
        return e instanceof RejectedExecutionException || e instanceof IllegalStateException
                ? new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + id + " is stopped.", e)
                : new MusicFsException(FailureKind.INTERNAL, "Origin " + id + " failed: " + e, e);
    }

    private String about(RealPath directory) {
        return "Origin " + id + " cannot " + what(directory);
    }

    private static String what(RealPath directory) {
        return "list " + (directory.isRoot() ? "its root" : directory);
    }
}
