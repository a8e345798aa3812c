package dev.musicfs.library;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.model.RealPath;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a round: decides whether what vanished is removed, and removes it. Unknown is never absent. */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final SyncParts parts;
    private final ChangeQueue queue;
    private final Vanished vanished;
    private final RoundCounts counts;
    private final Replacements replacements;
    private final Optional<HeldRemovals> confirmed;

    /**
     * @param replacements what was added meanwhile
     * @param confirmed what somebody has said is really gone
     */
    Departures(
            SyncParts parts,
            ChangeQueue queue,
            Vanished vanished,
            RoundCounts counts,
            Replacements replacements,
            Optional<HeldRemovals> confirmed) {
        this.replacements = replacements;
        this.confirmed = confirmed;
        this.parts = parts;
        this.queue = queue;
        this.vanished = vanished;
        this.counts = counts;
    }

    /** Completes with whether everything that vanished may be taken for gone. */
    Future<Boolean> publish() {
        if (vanished.isEmpty()) {
            return Future.succeededFuture(true);
        }
        int count = vanished.files().size();
        return parts.probe()
                .compose(v -> looksUnmounted(count))
                .compose(unmounted -> unmounted ? Future.succeededFuture(true) : isHeld(count))
                .compose(held -> held ? Future.succeededFuture(false) : remove().map(true));
    }

    // The directory where a disk was mounted is there but empty. Listed now, at the end, because a disk can go during
    // a round, and a round over some directories has not seen the root.
    private Future<Boolean> looksUnmounted(int count) {
        if (count == 0 || parts.options().acceptMassRemovals()) {
            return Future.succeededFuture(false);
        }
        return parts.list(RealPath.ROOT)
                .map(listing -> listing.isEmpty()
                        && isHeldFor(new HeldRemovals(
                                count,
                                true,
                                "it is empty, as if its disk were not mounted; its " + count + " files are kept")));
    }

    private Future<Boolean> isHeld(int count) {
        SyncOptions options = parts.options();
        if (count <= options.massRemovalMinimum() || options.acceptMassRemovals()) {
            return Future.succeededFuture(false);
        }
        return queue.flush()
                .compose(v -> parts.reading(() -> {
                    long known = parts.subtree().countBlocking() - counts.added;
                    List<FileRow> gone = new ArrayList<>();
                    vanished.files()
                            .forEach(id -> parts.catalog().fileBlocking(id).ifPresent(gone::add));
                    // Files that were encoded anew are no loss.
                    return options.isMassRemoval(replacements.countWithout(gone), known)
                            && isHeldFor(new HeldRemovals(
                                    count,
                                    false,
                                    count + " of " + known + " known files are gone, more than "
                                            + options.massRemovalPercent() + " %; they are kept"));
                }));
    }

    private boolean isHeldFor(HeldRemovals doubt) {
        if (confirmed.filter(yes -> yes.covers(doubt)).isPresent()) {
            return false;
        }
        counts.held = Optional.of(doubt);
        LOG.warn(
                "Origin {}: {} until you say that they are gone: musicfs origin confirm-removals {}",
                parts.id(),
                doubt.why(),
                parts.id());
        return true;
    }

    private Future<Void> remove() {
        return parts.inSlices(vanished.files(), this::removeFiles).compose(v -> {
            List<LibraryChange> folders = new ArrayList<>();
            vanished.foldersDeepestFirst()
                    .forEach(path -> folders.add(new LibraryChange.FolderRemoved(parts.id(), path)));
            return queue.add(folders);
        });
    }

    private Future<Void> removeFiles(List<Long> slice) {
        return parts.reading(() -> {
                    List<LibraryChange> changes = new ArrayList<>();
                    slice.forEach(id -> parts.catalog()
                            .fileBlocking(id)
                            .ifPresent(before -> changes.add(new LibraryChange.Removed(before))));
                    return changes;
                })
                .compose(changes -> {
                    counts.removed += changes.size();
                    return queue.add(changes);
                });
    }
}
