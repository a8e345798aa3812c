package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every listing of an origin at one time. */
final class ListingSnapshot {
    private final Map<RealPath, List<OriginEntry>> listings = new ConcurrentHashMap<>();

    private ListingSnapshot() {}

    /** Walks the whole origin. */
    static Future<ListingSnapshot> of(Origin origin) {
        ListingSnapshot snapshot = new ListingSnapshot();
        return snapshot.walk(origin, RealPath.ROOT).map(snapshot);
    }

    private Future<Void> walk(Origin origin, RealPath directory) {
        return origin.list(directory).compose(entries -> {
            listings.put(directory, entries);
            List<Future<Void>> below = new ArrayList<>();
            entries.stream().filter(OriginEntry::directory).forEach(entry -> below.add(walk(origin, entry.path())));
            return Future.all(below).mapEmpty();
        });
    }

    Future<List<OriginEntry>> list(RealPath directory) {
        List<OriginEntry> found = listings.get(directory);
        return found == null ? absent(directory) : Future.succeededFuture(found);
    }

    Future<OriginEntry> stat(RealPath path) {
        return listings.getOrDefault(path.parent(), List.of()).stream()
                .filter(entry -> entry.path().equals(path))
                .findFirst()
                .map(Future::succeededFuture)
                .orElseGet(() -> absent(path));
    }

    private static <T> Future<T> absent(RealPath path) {
        return Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "the listing has no " + path));
    }
}
