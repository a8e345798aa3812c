package dev.musicfs.library;

import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Clock;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rounds over one origin, one after another. Everything here is on the context of its parts. */
final class SyncRounds {
    private static final Logger LOG = LoggerFactory.getLogger(SyncRounds.class);

    private final SyncParts parts;
    private final Clock clock;
    private final BooleanSupplier stopped;
    private OptionalLong lastSeen = OptionalLong.empty();
    private volatile long damaged;
    private Future<Void> last = Future.succeededFuture();

    /** @param stopped asked at each directory: whether the round is to end with {@code UNAVAILABLE} */
    SyncRounds(SyncParts parts, Clock clock, BooleanSupplier stopped) {
        this.parts = parts;
        this.clock = clock;
        this.stopped = stopped;
    }

    /** Compares the whole origin with the catalog and publishes the differences; fails when the origin is not there. */
    Future<SyncSummary> everything() {
        return everything(Optional.empty());
    }

    /** The same, where what is {@code confirmed} is not held any more if it is still all that is gone. */
    Future<SyncSummary> everything(Optional<HeldRemovals> confirmed) {
        return queued(
                () -> parts.reading(() -> parts.subtree().isEmptyBlocking()).compose(first -> {
                    long began = clock.monotonicNanos();
                    return round(true, first ? 0 : parts.options().moveWindow(), List.of(RealPath.ROOT), confirmed)
                            .onSuccess(summary -> {
                                lastSeen = OptionalLong.of(summary.filesSeen());
                                log(summary, clock.monotonicNanos() - began);
                            });
                }));
    }

    /** The same for these directories and for what is new below them. */
    Future<SyncSummary> directories(Collection<RealPath> directories) {
        return queued(() -> {
            Set<RealPath> visible = new TreeSet<>();
            directories.stream()
                    .filter(directory -> !parts.ignored().passesOver(directory))
                    .forEach(visible::add);
            return parts.reading(() -> knownBlocking(visible))
                    .compose(known -> round(false, parts.options().moveWindow(), known, Optional.empty()));
        });
    }

    /** How many files were damaged after the last round. For any thread. */
    long damaged() {
        return damaged;
    }

    /** Completes when all rounds that were asked for so far have ended. */
    Future<Void> ended() {
        return last;
    }

    private Future<SyncSummary> round(
            boolean whole, int window, Collection<RealPath> tops, Optional<HeldRemovals> confirmed) {
        parts.rows().beginRound();
        parts.unknown().beginRound();
        return new SyncRound(parts, whole, window, whole ? lastSeen : OptionalLong.empty(), confirmed, stopped)
                .run(tops)
                .compose(this::withDamagedCounted);
    }

    // A count that cannot be had is no reason for the round to have failed.
    private Future<SyncSummary> withDamagedCounted(SyncSummary summary) {
        return parts.reading(() -> damaged = parts.catalog().damagedFilesBlocking(parts.id()))
                .map(summary)
                .otherwise(summary);
    }

    private void log(SyncSummary summary, long nanos) {
        LOG.info("Origin {} reconciled in {} ms: {}", parts.id(), TimeUnit.NANOSECONDS.toMillis(nanos), summary);
    }

    // A directory that the catalog does not know is reached, with all below it, from the nearest one it does know.
    private Set<RealPath> knownBlocking(Set<RealPath> directories) {
        Set<RealPath> known = new TreeSet<>();
        for (RealPath directory : directories) {
            RealPath at = directory;
            RealPath start = directory;
            while (!at.isRoot()) {
                if (!parts.catalog().foldersInBlocking(parts.id(), at.parent()).contains(at)) {
                    start = at.parent();
                }
                at = at.parent();
            }
            known.add(start);
        }
        return known;
    }

    /** After all rounds before it, whatever became of them. */
    private <T> Future<T> queued(Supplier<Future<T>> round) {
        Future<T> mine = last.compose(v -> round.get());
        last = mine.<Void>mapEmpty().otherwiseEmpty();
        return mine;
    }
}
