package dev.musicfs.library;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import io.vertx.core.Future;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The listings of a round. While one directory is compared, those whose turn comes next are asked for already, as far as
 * earlier listings tell, so that an origin far away does not cost a round trip for each in turn: at most {@code listAhead}
 * requests at a time, and a bounded number of answers waiting for their turn. On the round's context.
 */
final class ListingsAhead {
    /** Answers kept for each request that may be under way. */
    private static final int KEPT_PER_REQUEST = 4;

    private final SyncParts parts;
    private final Deque<FolderVisit> stack;
    private final Predicate<RealPath> unwanted;
    private final int window;
    private final int most;
    private final Map<RealPath, Asked> asked = new HashMap<>();
    private List<RealPath> current = List.of();
    private int underWay;
    private boolean ended;

    private static final class Asked {
        final Future<List<OriginEntry>> listing;
        /** The first of its directories, as many as could be of use; none until they are known. */
        List<RealPath> below = List.of();

        Asked(Future<List<OriginEntry>> listing) {
            this.listing = listing;
        }
    }

    /**
     * @param stack the directories that are still to come, the next one first
     * @param unwanted directories whose turn will come to nothing
     */
    ListingsAhead(SyncParts parts, Deque<FolderVisit> stack, Predicate<RealPath> unwanted) {
        this.parts = parts;
        this.stack = stack;
        this.unwanted = unwanted;
        this.window = parts.options().listAhead();
        this.most = window * KEPT_PER_REQUEST;
    }

    /** The listing of {@code visit}, whose turn it is. */
    Future<List<OriginEntry>> take(FolderVisit visit) {
        Asked before = asked.remove(visit.folder);
        Future<List<OriginEntry>> listing = before == null ? parts.list(visit.folder) : before.listing;
        current = List.of();
        if (before != null && visit.deep) {
            current = before.below;
        }
        lookAhead();
        return listing;
    }

    /** The round is over; what is under way comes to nothing. */
    void end() {
        ended = true;
        asked.clear();
    }

    private void lookAhead() {
        if (ended || window == 0) {
            return;
        }
        current.forEach(this::ask);
        for (FolderVisit next : stack) {
            if (isBusy()) {
                return;
            }
            if (!next.listed) {
                ask(next.folder);
                below(next.folder, next.deep);
            }
        }
    }

    private void below(RealPath folder, boolean deep) {
        Asked known = asked.get(folder);
        if (deep && known != null) {
            for (RealPath child : known.below) {
                ask(child);
                below(child, true);
            }
        }
    }

    private boolean isBusy() {
        return underWay >= window || asked.size() >= most;
    }

    private void ask(RealPath folder) {
        if (isBusy() || asked.containsKey(folder) || unwanted.test(folder)) {
            return;
        }
        Asked mine = new Asked(parts.list(folder));
        asked.put(folder, mine);
        underWay++;
        mine.listing.onComplete(result -> {
            underWay--;
            // What a directory says of itself is known when its turn comes.
            if (result.succeeded()
                    && result.result().stream()
                            .noneMatch(entry -> entry.path().name().equals(IgnoreRules.FILE))) {
                IgnoreRules rules = parts.ignored().above(folder);
                mine.below = result.result().stream()
                        .filter(entry -> entry.directory()
                                && rules.passesOver(entry.path(), true).isEmpty())
                        .limit(most)
                        .map(OriginEntry::path)
                        .toList();
            }
            lookAhead();
        });
    }
}
