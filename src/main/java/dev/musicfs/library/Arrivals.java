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
 * came from elsewhere: such a one keeps its row's number.
 */
final class Arrivals {
    private final SyncParts parts;
    private final ChangeQueue queue;
    private final Vanished vanished;
    private final RoundCounts counts;
    private final int window;
    private final Replacements replacements;
    private List<Arrival> waiting = new ArrayList<>();

    private record Moved(long fileId, OriginEntry now) {}

    Arrivals(
            SyncParts parts,
            ChangeQueue queue,
            Vanished vanished,
            RoundCounts counts,
            Replacements replacements,
            int window) {
        this.parts = parts;
        this.queue = queue;
        this.vanished = vanished;
        this.counts = counts;
        this.replacements = replacements;
        this.window = window;
    }

    /** Whether tracks are kept back at all. */
    boolean waits() {
        return window > 0;
    }

    /** Completes with whether all that waited was handed on. */
    Future<Boolean> add(List<OriginEntry> fresh, List<FolderDiff.ChangedEntry> replaced) {
        fresh.forEach(entry -> waiting.add(new Arrival(entry, Optional.empty())));
        for (FolderDiff.ChangedEntry one : replaced) {
            vanished.addReplaced(one.before());
            waiting.add(new Arrival(one.now(), Optional.of(one.before())));
        }
        return waiting.size() > window ? settle().map(true) : Future.succeededFuture(!waits());
    }

    /** Hands on everything, as moved or as new. */
    Future<Void> settle() {
        List<Arrival> all = waiting;
        waiting = new ArrayList<>();
        List<Moved> moved = new ArrayList<>();
        List<Arrival> doubtful = new ArrayList<>();
        List<OriginEntry> fresh = new ArrayList<>();
        boolean anythingGone = vanished.knowsAny();
        for (Arrival one : all) {
            OptionalLong fileId = one.before().isPresent() ? OptionalLong.empty() : vanished.takeMoved(one.now());
            if (fileId.isPresent()) {
                moved.add(new Moved(fileId.getAsLong(), one.now()));
            } else if (anythingGone) {
                doubtful.add(one);
            } else {
                fresh.add(one.now());
            }
        }
        return parts.inSlices(moved, this::publishMoved)
                .compose(v -> parts.inSlices(fresh, slice -> publishNew(slice, row -> {})))
                .compose(v -> new MoveSearch(parts, queue, vanished, counts, replacements).publish(doubtful));
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
                            replacements.added(after.row());
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

    /** Hands on files of which more is known than before, though nothing changed. */
    Future<Void> publishIdentified(List<FolderDiff.ChangedEntry> slice) {
        return queue.add(slice.stream()
                .map(one -> new LibraryChange.Identified(one.before(), at(one.before(), one.now())))
                .toList());
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
