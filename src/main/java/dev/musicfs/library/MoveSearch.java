package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LayoutRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.library.Vanished.Sound;
import dev.musicfs.model.AudioLayout;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which known track a new one is, once its tags have been read: the one that was the same inode, the one whose
 * path it has, or else one that is gone and has the same audio, as far as the catalog can tell. What is found keeps its
 * number; two tracks that exchanged their names keep each its own. Used once, on the round's context.
 */
final class MoveSearch {
    private final SyncParts parts;
    private final ChangeQueue queue;
    private final Vanished vanished;
    private final RoundCounts counts;
    private final Replacements replacements;
    private final Set<Long> claimed = new HashSet<>();

    /** What was read of one of them, and what it could be. */
    private record Candidate(Arrival arrival, RowReader.Found found, Optional<FileRow> sameInode) {
        FileRow row() {
            return found.row();
        }
    }

    MoveSearch(SyncParts parts, ChangeQueue queue, Vanished vanished, RoundCounts counts, Replacements replacements) {
        this.parts = parts;
        this.queue = queue;
        this.vanished = vanished;
        this.counts = counts;
        this.replacements = replacements;
    }

    /** Reads them, and hands on what they are. */
    Future<Void> publish(List<Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return Future.succeededFuture();
        }
        long asOfNanos = parts.racy().asOf();
        List<Future<Optional<RowReader.Found>>> reads = new ArrayList<>(arrivals.size());
        arrivals.forEach(one -> reads.add(
                parts.rows().read(one.now(), one.before().map(FileRow::id).orElse(0L))));
        return parts.all(reads)
                .compose(found -> parts.reading(() -> resolvedBlocking(arrivals, found)))
                .compose(changes -> handOn(changes, asOfNanos));
    }

    private Future<Void> handOn(List<LibraryChange> changes, long asOfNanos) {
        for (LibraryChange change : changes) {
            if (change instanceof LibraryChange.Added added) {
                counts.added++;
                replacements.added(added.after());
                parts.racy().read(added.after(), asOfNanos);
            } else if (change instanceof LibraryChange.Updated updated) {
                counts.updated++;
                parts.racy().read(updated.after(), asOfNanos);
            } else {
                counts.removed++;
            }
        }
        // Those that take one another's path are one transaction.
        return queue.addTogether(changes);
    }

    private List<LibraryChange> resolvedBlocking(List<Arrival> arrivals, List<Optional<RowReader.Found>> found) {
        List<Candidate> read = new ArrayList<>();
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival arrival = arrivals.get(i);
            if (found.get(i).isEmpty()) {
                counts.failedFiles++;
                arrival.before().ifPresent(kept -> claimed.add(kept.id()));
                continue;
            }
            read.add(new Candidate(arrival, found.get(i).get(), sameInodeBlocking(arrival)));
        }
        Map<Candidate, FileRow> moved = new HashMap<>();
        for (Candidate one : read) {
            one.sameInode.filter(before -> claimed.add(before.id())).ifPresent(before -> moved.put(one, before));
        }
        for (Candidate one : read) {
            if (!moved.containsKey(one)) {
                one.arrival.before().filter(before -> claimed.add(before.id())).ifPresent(at -> moved.put(one, at));
            }
        }
        Gone gone = new Gone(moved.size() < read.size() ? vanished.files() : List.of());
        for (boolean named : List.of(true, false)) {
            for (Candidate one : read) {
                if (!moved.containsKey(one) && one.row().kind() == FileKind.AUDIO) {
                    gone.takeBlocking(one, named).ifPresent(before -> moved.put(one, before));
                }
            }
        }
        List<LibraryChange> changes = new ArrayList<>();
        for (Candidate one : read) {
            FileRow before = moved.get(one);
            if (before == null) {
                changes.add(new LibraryChange.Added(
                        numbered(one.row(), parts.nextFileId().getAsLong()), one.found.layout()));
            } else {
                vanished.isBack(before);
                changes.add(new LibraryChange.Updated(before, numbered(one.row(), before.id()), one.found.layout()));
            }
        }
        for (Arrival arrival : arrivals) {
            // Another file stands at its path, and it is nowhere else.
            arrival.before().filter(before -> claimed.add(before.id())).ifPresent(before -> {
                vanished.isBack(before);
                changes.add(new LibraryChange.Removed(before));
            });
        }
        return changes;
    }

    private Optional<FileRow> sameInodeBlocking(Arrival arrival) {
        OptionalLong fileId = vanished.withInode(arrival.now().fileKey());
        return fileId.isPresent() ? parts.catalog().fileBlocking(fileId.getAsLong()) : Optional.empty();
    }

    /** Which of those that sound like it has a name in common with it: tracks of one length are many. */
    private static Optional<FileRow> named(List<FileRow> alike, FileRow now) {
        List<FileRow> named =
                alike.stream().filter(row -> isNamedAlike(row, now)).toList();
        return named.stream()
                .filter(row -> row.tags().equals(now.tags()))
                .findFirst()
                .or(() -> sole(named));
    }

    private static Optional<FileRow> sole(List<FileRow> rows) {
        return rows.size() == 1 ? Optional.of(rows.get(0)) : Optional.empty();
    }

    /** Whether two have a name in common, that of the music or that of the file. */
    private static boolean isNamedAlike(FileRow before, FileRow now) {
        String title = before.tags().title();
        return (!title.isEmpty() && title.equalsIgnoreCase(now.tags().title()))
                || before.path().name().equals(now.path().name());
    }

    private static FileRow numbered(FileRow row, long fileId) {
        return new FileRow(
                fileId,
                row.origin(),
                row.path(),
                row.kind(),
                row.version(),
                row.fileKey(),
                row.tags(),
                row.wellFormed());
    }

    /** The tracks that are gone, by what they sound like. Read once, when it is first asked for something. */
    private final class Gone {
        private final List<Long> ids;
        private @Nullable Map<Sound, List<FileRow>> bySound;

        Gone(List<Long> ids) {
            this.ids = ids;
        }

        /** @param named whether the two have to have a name in common */
        Optional<FileRow> takeBlocking(Candidate one, boolean named) {
            Map<Sound, List<FileRow>> known = bySound;
            if (known == null) {
                known = new HashMap<>();
                bySound = known;
                loadBlocking(known);
            }
            for (Sound sound : Sound.of(one.row(), one.found.layout())) {
                List<FileRow> alike = known.getOrDefault(sound, List.of()).stream()
                        .filter(row -> !claimed.contains(row.id()))
                        .toList();
                Optional<FileRow> meant = named || !sound.exact() ? named(alike, one.row()) : sole(alike);
                if (meant.isPresent()) {
                    claimed.add(meant.get().id());
                    return meant;
                }
            }
            return Optional.empty();
        }

        private void loadBlocking(Map<Sound, List<FileRow>> known) {
            for (long id : ids.subList(0, Math.min(ids.size(), Vanished.LONGEST_INDEX))) {
                parts.catalog().fileBlocking(id).filter(Arrival::isTrack).ifPresent(row -> {
                    Optional<AudioLayout> layout = parts.catalog()
                            .layoutBlocking(id)
                            .filter(stored -> stored.version().equals(row.version()))
                            .map(LayoutRow::layout);
                    Sound.of(row, layout).forEach(sound -> known.computeIfAbsent(sound, s -> new ArrayList<>())
                            .add(row));
                });
            }
        }
    }
}
