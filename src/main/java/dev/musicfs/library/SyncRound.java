package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One walk over an origin or a few of its directories, one directory at a time and depth first; others may be
 * {@linkplain ListingsAhead listed ahead} meanwhile. It keeps the stack of directories, few listings, and
 * {@link Vanished}. Used once, on the context of its parts.
 */
final class SyncRound {
    /** Other names of one file that are looked at after it changed. */
    private static final int MOST_NAMES = 100;

    private final SyncParts parts;
    private final BooleanSupplier stopped;
    private final OptionalLong expected;
    private final boolean whole;
    private final Optional<HeldRemovals> confirmed;
    private final Deque<FolderVisit> open = new ArrayDeque<>();
    // Of a refresh only, where a directory can be both asked for and reached from above.
    private final Set<RealPath> visited = new HashSet<>();
    private final List<LibraryChange> coversForLater = new ArrayList<>();
    private final List<LibraryChange> coversAfterRemovals = new ArrayList<>();
    private final RoundCounts counts = new RoundCounts();
    private final Vanished vanished = new Vanished();
    private final Replacements replacements = new Replacements();
    private final ChangeQueue queue;
    private final Arrivals arrivals;
    private final ListingsAhead ahead;

    /** A listing compared with the catalog. */
    private record Compared(
            FolderDiff diff,
            List<Vanished.Lost> lost,
            List<RealPath> lostFolders,
            boolean audioBelow,
            List<RealPath> otherNames) {}

    /**
     * @param whole whether the whole origin is walked and not only the given directories
     * @param window how many new tracks wait for their origin to be known, 0 when nothing can have moved
     * @param expected how many files there were last time
     * @param confirmed what somebody has said is really gone
     */
    SyncRound(
            SyncParts parts,
            boolean whole,
            int window,
            OptionalLong expected,
            Optional<HeldRemovals> confirmed,
            BooleanSupplier stopped) {
        this.confirmed = confirmed;
        this.parts = parts;
        this.whole = whole;
        this.expected = expected;
        this.stopped = stopped;
        this.queue = new ChangeQueue(parts);
        this.ahead = new ListingsAhead(parts, open, folder -> !whole && visited.contains(folder));
        this.arrivals = new Arrivals(parts, queue, vanished, counts, replacements, window);
    }

    /** Fails when the origin is not there or the publisher fails; what was published until then stays. */
    Future<SyncSummary> run(Collection<RealPath> tops) {
        tops.forEach(top -> open.addLast(new FolderVisit(top, null, whole)));
        return FutureLoop.repeat(this::next)
                .onComplete(v -> ahead.end())
                .compose(v -> arrivals.settle())
                .compose(v -> queue.add(List.copyOf(coversForLater)))
                .compose(v -> new Departures(parts, queue, vanished, counts, replacements, confirmed).publish())
                .compose(gone -> queue.add(gone ? coversAfterRemovals : List.of()))
                .compose(v -> queue.flush())
                .compose(v -> parts.pass(Failpoint.SYNC_CHECKPOINT))
                .onComplete(v -> parts.progress().report(counts.progress(parts.id(), expected, true)))
                .map(v -> counts.summary());
    }

    private Future<Boolean> next() {
        if (stopped.getAsBoolean()) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + parts.id() + " is being stopped."));
        }
        FolderVisit top = open.pollFirst();
        if (top == null) {
            return Future.succeededFuture(false);
        }
        return (top.listed ? finish(top) : visit(top)).map(true);
    }

    private Future<Void> visit(FolderVisit visit) {
        if (!whole && !visited.add(visit.folder)) {
            return parts.here(Future.succeededFuture());
        }
        return ahead.take(visit)
                .transform(result -> result.succeeded()
                        ? taken(visit, result.result())
                                .compose(listing -> parts.reading(() -> compareBlocking(visit, listing)))
                                .compose(compared -> apply(visit, compared))
                        : failed(visit, result.cause()))
                .onSuccess(v -> parts.progress().report(counts.progress(parts.id(), expected, false)));
    }

    /** What of a listing is the library's. */
    private Future<List<OriginEntry>> taken(FolderVisit visit, List<OriginEntry> listing) {
        return parts.ignored().of(visit.folder, listing).compose(found -> {
            // What is below may be music now that was none, or none any more.
            visit.deep |= found.changed();
            List<OriginEntry> taken = new ArrayList<>();
            for (OriginEntry entry : listing) {
                Optional<String> why = found.rules().passesOver(entry.path(), entry.directory());
                if (why.isPresent()) {
                    counts.passedOver(why.get());
                } else {
                    taken.add(entry);
                    if (entry.isFile() && MusicFiles.kindOf(entry.path()).isEmpty() && !isIgnoreFile(entry)) {
                        counts.passedOver(RoundCounts.NO_MUSIC);
                    }
                }
            }
            return unknownOf(visit.folder, taken).map(taken);
        });
    }

    private static boolean isIgnoreFile(OriginEntry entry) {
        return entry.path().name().equals(IgnoreRules.FILE);
    }

    // What costs itself alone is no sign of an origin that is going, what fails as an origin that is away does may be.
    private Future<Void> unknownOf(RealPath folder, List<OriginEntry> listing) {
        parts.unknown().listed(folder, listing);
        boolean doubtful = false;
        for (OriginEntry entry : listing) {
            if (entry.unknown().isPresent()) {
                counts.unknownEntries++;
                doubtful |= isDoubtful(entry.unknown().get().kind());
            }
        }
        return doubtful ? parts.probe() : Future.succeededFuture();
    }

    private static boolean isDoubtful(FailureKind kind) {
        return kind.countsAgainstBreaker() && kind != FailureKind.REJECTED;
    }

    private Compared compareBlocking(FolderVisit visit, List<OriginEntry> listing) {
        FolderDiff diff = FolderDiff.ofBlocking(parts.catalog(), parts.id(), visit.folder, listing, parts.racy());
        List<Vanished.Lost> lost = new ArrayList<>();
        List<RealPath> folders = new ArrayList<>();
        diff.vanished().forEach(row -> lost.add(Vanished.Lost.of(row)));
        for (RealPath folder : diff.vanishedFolders()) {
            folders.addAll(parts.subtree().visitBlocking(folder, row -> lost.add(Vanished.Lost.of(row))));
        }
        return new Compared(
                diff,
                lost,
                folders,
                !visit.deep && parts.subtree().hasAudioOneBelowBlocking(visit.folder),
                whole ? List.of() : otherNamesBlocking(diff));
    }

    /** Where files that changed have other names: nobody is told of a change there. */
    private List<RealPath> otherNamesBlocking(FolderDiff diff) {
        Set<RealPath> folders = new HashSet<>();
        for (FolderDiff.ChangedEntry change : diff.changed()) {
            parts.catalog()
                    .filesWithKeyBlocking(parts.id(), change.before().fileKey(), MOST_NAMES)
                    .forEach(row -> folders.add(row.path().parent()));
        }
        folders.removeAll(visited);
        return List.copyOf(folders);
    }

    private Future<Void> apply(FolderVisit visit, Compared compared) {
        FolderDiff diff = compared.diff;
        counts.filesSeen += diff.files();
        vanished.addFiles(compared.lost);
        vanished.addFolders(compared.lostFolders);
        visit.take(diff, compared.audioBelow);
        if (!whole) {
            compared.otherNames.forEach(folder -> open.addLast(new FolderVisit(folder, null, false)));
        }
        open.addFirst(visit);
        List<RealPath> below = visit.deep ? diff.folders() : List.copyOf(diff.newFolders());
        for (int i = below.size() - 1; i >= 0; i--) {
            open.addFirst(new FolderVisit(below.get(i), visit, true));
        }
        List<LibraryChange> folders = new ArrayList<>();
        diff.newFolders().forEach(path -> folders.add(new LibraryChange.FolderAdded(parts.id(), path)));
        List<OriginEntry> tracks = diff.fresh().stream()
                .filter(entry -> FolderDiff.kindOf(entry) == FileKind.AUDIO)
                .toList();
        List<OriginEntry> covers = diff.fresh().stream()
                .filter(entry -> FolderDiff.kindOf(entry) == FileKind.COVER)
                .toList();
        return queue.add(folders)
                .compose(v -> parts.inSlices(
                        diff.changed(), slice -> arrivals.publishChanged(slice, row -> coverSeen(visit, row))))
                .compose(v -> parts.inSlices(diff.identified(), arrivals::publishIdentified))
                .compose(v -> parts.inSlices(diff.racy(), arrivals::publishRacy))
                .compose(v -> parts.inSlices(covers, slice -> arrivals.publishNew(slice, row -> coverSeen(visit, row))))
                .compose(v -> arrivals.add(tracks, diff.replaced()))
                .compose(settled -> settled ? publishCoversForLater() : Future.succeededFuture());
    }

    private static void coverSeen(FolderVisit visit, FileRow row) {
        if (row.kind() == FileKind.COVER) {
            visit.putCover(row);
        }
    }

    private Future<Void> publishCoversForLater() {
        List<LibraryChange> due = List.copyOf(coversForLater);
        coversForLater.clear();
        return queue.add(due);
    }

    private Future<Void> finish(FolderVisit visit) {
        if (visit.announcesCover()) {
            (visit.coverVanished ? coversAfterRemovals : coversForLater).add(covers(visit.folder, visit.bestCover()));
        }
        Future<Void> published = arrivals.waits() ? Future.succeededFuture() : publishCoversForLater();
        boolean parentUnseen = visit.parent == null && !visit.folder.isRoot();
        return parentUnseen && visit.audioTouched ? published.compose(v -> coverOfParent(visit.folder)) : published;
    }

    // A directory such as "CD 1" that is looked at alone has its cover one above.
    private Future<Void> coverOfParent(RealPath folder) {
        RealPath parent = folder.parent();
        return parts.reading(() -> MusicFiles.bestCover(parts.catalog().filesInBlocking(parts.id(), parent).stream()
                        .filter(row -> row.kind() == FileKind.COVER)))
                .map(best -> {
                    best.ifPresent(cover -> coversForLater.add(covers(parent, Optional.of(cover))));
                    return null;
                });
    }

    private LibraryChange covers(RealPath folder, Optional<FileRow> best) {
        return new LibraryChange.CoverChosen(parts.id(), folder, best);
    }

    private Future<Void> failed(FolderVisit visit, Throwable failure) {
        FailureKind kind = MusicFsException.kindOf(failure);
        if (visit.folder.isRoot()) {
            return Future.failedFuture(failure);
        }
        if (!whole && kind == FailureKind.NOT_FOUND) {
            return vanishedItself(visit.folder);
        }
        // Nothing below it is looked at in this round, so all that is known of it stays.
        counts.failedDirectories++;
        parts.unknown().unlistable(visit.folder, failure);
        return isDoubtful(kind) ? parts.probe() : Future.succeededFuture();
    }

    private Future<Void> vanishedItself(RealPath folder) {
        return parts.reading(() -> {
                    List<Vanished.Lost> lost = new ArrayList<>();
                    List<RealPath> folders =
                            parts.subtree().visitBlocking(folder, row -> lost.add(Vanished.Lost.of(row)));
                    return new Compared(
                            FolderDiff.ofBlocking(parts.catalog(), parts.id(), folder, List.of(), parts.racy()),
                            lost,
                            folders,
                            false,
                            List.of());
                })
                .map(compared -> {
                    vanished.addFiles(compared.lost);
                    vanished.addFolders(compared.lostFolders);
                    // It may only be called otherwise now, and the new name stands beside the old one.
                    open.addLast(new FolderVisit(folder.parent(), null, false));
                    return null;
                });
    }
}
