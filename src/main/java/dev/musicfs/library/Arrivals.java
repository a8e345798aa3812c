package dev.musicfs.library;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.origin.OriginEntry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Files that are new where they are. Tracks wait here, at most {@code window} of them, until it is known whether they
 * came from elsewhere: such a one keeps its row's number, tags and layout.
 */
final class Arrivals {
    private final SyncParts parts;
    private final ChangeQueue queue;
    private final Vanished vanished;
    private final RoundCounts counts;
    private final int window;
    private List<OriginEntry> waiting = new ArrayList<>();

    private record Moved(long fileId, OriginEntry now) {}

    Arrivals(SyncParts parts, ChangeQueue queue, Vanished vanished, RoundCounts counts, int window) {
        this.parts = parts;
        this.queue = queue;
        this.vanished = vanished;
        this.counts = counts;
        this.window = window;
    }

    /** Whether tracks are kept back at all. */
    boolean waits() {
        return window > 0;
    }

    /** Completes with whether all that waited was handed on. */
    Future<Boolean> add(List<OriginEntry> fresh) {
        waiting.addAll(fresh);
        return waiting.size() > window ? settle().map(true) : Future.succeededFuture(!waits());
    }

    /** Hands on everything, as moved or as new. */
    Future<Void> settle() {
        List<OriginEntry> all = waiting;
        waiting = new ArrayList<>();
        List<Moved> moved = new ArrayList<>();
        List<OriginEntry> fresh = new ArrayList<>();
        for (OriginEntry entry : all) {
            OptionalLong fileId = vanished.takeMoved(entry);
            if (fileId.isPresent()) {
                moved.add(new Moved(fileId.getAsLong(), entry));
            } else {
                fresh.add(entry);
            }
        }
        return parts.inSlices(moved, this::publishMoved)
                .compose(v -> parts.inSlices(fresh, slice -> publishNew(slice, row -> {})));
    }

    /** Reads and hands on new files at once. */
    Future<Void> publishNew(List<OriginEntry> slice, Consumer<FileRow> each) {
        long asOfNanos = parts.racy().asOf();
        List<Future<Optional<RowReader.Found>>> rows = new ArrayList<>(slice.size());
        slice.forEach(
                entry -> rows.add(parts.rows().read(entry, parts.nextFileId().getAsLong())));
        return parts.all(rows).compose(found -> {
            List<LibraryChange> changes = new ArrayList<>();
            for (Optional<RowReader.Found> one : found) {
                one.ifPresentOrElse(
                        after -> {
                            counts.added++;
                            each.accept(after.row());
                            parts.racy().read(after.row(), asOfNanos);
                            changes.add(new LibraryChange.Added(after.row(), after.layout()));
                        },
                        () -> counts.failedFiles++);
            }
            return queue.add(changes);
        });
    }

    /** Reads and hands on files that changed in place. */
    Future<Void> publishChanged(List<FolderDiff.ChangedEntry> slice, Consumer<FileRow> each) {
        long asOfNanos = parts.racy().asOf();
        List<Future<Optional<RowReader.Found>>> rows = new ArrayList<>(slice.size());
        slice.forEach(change ->
                rows.add(parts.rows().read(change.now(), change.before().id())));
        return parts.all(rows).compose(found -> {
            List<LibraryChange> changes = new ArrayList<>();
            for (int i = 0; i < slice.size(); i++) {
                FileRow before = slice.get(i).before();
                found.get(i)
                        .ifPresentOrElse(
                                after -> {
                                    counts.updated++;
                                    each.accept(after.row());
                                    parts.racy().read(after.row(), asOfNanos);
                                    changes.add(new LibraryChange.Updated(before, after.row(), after.layout()));
                                },
                                () -> counts.failedFiles++);
            }
            return queue.add(changes);
        });
    }

    /** Reads files that look as they did, and hands on those that are not. */
    Future<Void> publishRacy(List<FolderDiff.ChangedEntry> slice) {
        long asOfNanos = parts.racy().asOf();
        List<Future<Optional<RowReader.Found>>> rows = new ArrayList<>(slice.size());
        slice.forEach(change ->
                rows.add(parts.rows().read(change.now(), change.before().id())));
        return parts.all(rows).compose(found -> {
            List<LibraryChange> changes = new ArrayList<>();
            for (int i = 0; i < slice.size(); i++) {
                FileRow before = slice.get(i).before();
                found.get(i).ifPresent(after -> {
                    parts.racy().readAgain(after.row(), asOfNanos);
                    if (!after.row().equals(before)) {
                        counts.updated++;
                        changes.add(new LibraryChange.Updated(before, after.row(), after.layout()));
                    }
                });
            }
            return queue.add(changes);
        });
    }

    private Future<Void> publishMoved(List<Moved> slice) {
        return parts.reading(() -> {
                    List<LibraryChange> changes = new ArrayList<>();
                    for (Moved one : slice) {
                        parts.catalog()
                                .fileBlocking(one.fileId)
                                .ifPresent(before -> changes.add(
                                        new LibraryChange.Updated(before, at(before, one.now), Optional.empty())));
                    }
                    return changes;
                })
                .compose(changes -> {
                    counts.updated += changes.size();
                    return queue.add(changes);
                });
    }

    private static FileRow at(FileRow before, OriginEntry now) {
        return new FileRow(
                before.id(),
                before.origin(),
                now.path(),
                before.kind(),
                now.version(),
                now.fileKey(),
                before.tags(),
                before.wellFormed());
    }
}
