package dev.musicfs.library;

import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.Failpoint;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Changes on their way to the publisher, in order, a full batch at a time. On the round's context. */
final class ChangeQueue {
    private final SyncParts parts;
    private List<LibraryChange> waiting = new ArrayList<>();

    ChangeQueue(SyncParts parts) {
        this.parts = parts;
    }

    /** Completes when no full batch is waiting any more. */
    Future<Void> add(List<? extends LibraryChange> changes) {
        waiting.addAll(changes);
        int full = waiting.size() - waiting.size() % parts.options().batchSize();
        List<LibraryChange> ready = waiting.subList(0, full);
        List<LibraryChange> rest = new ArrayList<>(waiting.subList(full, waiting.size()));
        waiting = rest;
        return parts.inSlices(ready, this::publish);
    }

    /** Publishes what waits, then these in one transaction, however many they are. */
    Future<Void> addTogether(List<? extends LibraryChange> changes) {
        return flush().compose(v -> changes.isEmpty() ? Future.succeededFuture() : publish(List.copyOf(changes)));
    }

    /** Completes when everything is published. */
    Future<Void> flush() {
        List<LibraryChange> rest = waiting;
        waiting = new ArrayList<>();
        return rest.isEmpty() ? Future.succeededFuture() : publish(rest);
    }

    private Future<Void> publish(List<LibraryChange> batch) {
        return parts.here(parts.publisher().publish(List.copyOf(batch)))
                .compose(v -> parts.pass(Failpoint.DELTA_SYNC_AFTER_BATCH));
    }
}
