package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the catalog in step with one origin. Rounds run one after another; every method may be called on any thread and
 * returns at once.
 */
@Attended(workers = "for the catalog, which a round waits for")
public final class LibrarySync {
    private static final Logger LOG = LoggerFactory.getLogger(LibrarySync.class);
    private static final int MOST_WAITING = 10_000;

    private final Context context;
    private final Origin origin;
    private final Clock clock;
    private final Timers timers;
    private final SyncOptions options;
    private final SyncParts parts;
    private final SyncRounds rounds;
    private final PollTimer polls;
    private final WorkerExecutor catalogWorker;
    private final PendingChanges pending = new PendingChanges();
    private Optional<RestartingWatch> watch = Optional.empty();
    private boolean refreshing;
    private Runnable callOffRacy = () -> {};
    private boolean racyPending;
    private volatile Optional<HeldRemovals> held = Optional.empty();
    private volatile Map<String, Long> passedOver = Map.of();
    private Optional<HeldRemovals> confirmed = Optional.empty();
    private volatile boolean unpublished;
    private volatile String trouble = "";
    private volatile boolean stopped;

    /**
     * Nothing is touched before {@link #start} or {@link #reconcile}.
     *
     * @param slots shared by the listings with what {@code tags} reads of the origin
     */
    public LibrarySync(
            Vertx vertx,
            Origin origin,
            CatalogReader catalog,
            CatalogWriter numbers,
            TagSource tags,
            Publisher publisher,
            Clock clock,
            SyncOptions options,
            ScanProgress progress,
            ScanSlots slots) {
        this(vertx, origin, catalog, numbers, tags, publisher, clock, options, progress, slots, Timers.of(vertx));
    }

    /** The same with the given timers. */
    LibrarySync(
            Vertx vertx,
            Origin origin,
            CatalogReader catalog,
            CatalogWriter numbers,
            TagSource tags,
            Publisher publisher,
            Clock clock,
            SyncOptions options,
            ScanProgress progress,
            ScanSlots slots,
            Timers timers) {
        this.context = vertx.getOrCreateContext();
        this.origin = origin;
        this.clock = clock;
        this.options = options;
        this.timers = timers;
        this.polls = new PollTimer(
                context,
                timers,
                clock,
                options.pollInterval(),
                () -> pollUnlessTold(
                        watch.map(RestartingWatch::whenPolled).orElseGet(() -> Future.succeededFuture(false))));
        this.catalogWorker = ExecutorPools.workers(
                vertx, "sync-" + origin.id(), "The synchronisation of " + origin.id(), 1, MOST_WAITING);
        this.parts = SyncParts.of(
                context,
                catalogWorker,
                origin,
                catalog,
                numbers::nextFileId,
                tags,
                batch -> publisher.publish(batch).onFailure(e -> unpublished = true),
                options,
                progress,
                slots,
                new RacyTimestamps(clock));
        this.rounds = new SyncRounds(parts, clock, () -> stopped);
    }

    /** The origin that is kept in step. */
    public OriginId origin() {
        return origin.id();
    }

    /** Why what was found last cannot be shown, until it is; else empty. */
    public String trouble() {
        return trouble;
    }

    /** How many entries the last reconciliation passed over, by the rule that says so. */
    public Map<String, Long> passedOver() {
        return passedOver;
    }

    /** What seems gone and is kept until {@link #confirmRemovals}; empty when nothing is. */
    public Optional<HeldRemovals> held() {
        return held;
    }

    /**
     * Says that what is held at present is really gone; it is removed by a reconciliation that begins soon, if no more than
     * that is gone by then.
     *
     * @return what was confirmed; empty when nothing is held
     */
    public Optional<HeldRemovals> confirmRemovals() {
        Optional<HeldRemovals> now = held;
        if (now.isPresent()) {
            context.runOnContext(v -> {
                confirmed = now;
                poll();
            });
        }
        return now;
    }

    /** How many of its files are damaged and shown under their own names, as of the last round. */
    public long damagedFiles() {
        return rounds.damaged();
    }

    /** What the origin has and nobody can look at, as far as it is remembered. */
    public List<UnknownEntry> unknown() {
        return parts.unknown().all();
    }

    /**
     * Begins to watch, then reconciles in the background and goes on with what changes. Completes when the origin is
     * watched or known to need polling; an origin that is away is no failure, it is tried again every poll interval, and
     * a watch that ends or cannot be begun after 1 s, 5 s and every 30 s.
     */
    public Future<Void> start() {
        return onContext(() -> {
            watch = origin.watch()
                    .map(watched -> new RestartingWatch(
                            origin.id(),
                            watched,
                            context,
                            timers,
                            clock,
                            options.pollInterval(),
                            new RestartingWatch.Listener(this::changed, this::poll, polls::laterAtLatest)));
            return beginWatch().onComplete(v -> reconcileInBackground()).mapEmpty();
        });
    }

    /** Ends the watch, has the round that runs stop at its next file or directory, and completes when it has. */
    public Future<Void> stop() {
        stopped = true;
        return onContext(() -> {
            polls.callOff();
            callOffRacy.run();
            parts.rows().stop();
            return parts.here(watch.map(RestartingWatch::stop).orElseGet(Future::succeededFuture))
                    .otherwiseEmpty()
                    .compose(v -> rounds.ended())
                    .eventually(catalogWorker::close);
        });
    }

    /** Compares the whole origin with the catalog and publishes the differences; fails when the origin is not there. */
    public Future<SyncSummary> reconcile() {
        return onContext(() -> {
            Optional<HeldRemovals> agreed = confirmed;
            confirmed = Optional.empty();
            return rounds.everything(agreed).onSuccess(summary -> {
                held = summary.held();
                passedOver = summary.passedOver();
                readRacyLater();
            });
        });
    }

    /**
     * Watches again if it does not, then reconciles in the background: the origin can be reached again, or somebody wants
     * to be sure.
     */
    public void catchUp() {
        context.runOnContext(v -> pollUnlessTold(beginWatch()));
    }

    /** Does the same for the given directories and for what is new below them, or for everything if told so. */
    public Future<Void> refresh(OriginChanges changes) {
        return changes.everything()
                ? reconcile().mapEmpty()
                : refreshDirectories(changes.directories()).mapEmpty();
    }

    private Future<SyncSummary> refreshDirectories(Set<RealPath> directories) {
        return onContext(() -> rounds.directories(directories).onSuccess(summary -> {
            held = summary.held().or(() -> held);
            readRacyLater();
        }));
    }

    /** Files that may have changed again in the instant in which they were read are read once that instant is over. */
    private void readRacyLater() {
        // Rounds that follow one another must not put it off.
        if (!stopped && !racyPending && !parts.racy().folders().isEmpty()) {
            racyPending = true;
            callOffRacy = timers.after(
                    RacyTimestamps.COARSE.multipliedBy(2),
                    () -> context.runOnContext(v -> {
                        racyPending = false;
                        changed(new OriginChanges(parts.racy().folders(), false));
                    }));
        }
    }

    private void changed(OriginChanges changes) {
        pending.add(changes);
        refreshPending();
    }

    private void refreshPending() {
        if (refreshing || stopped || pending.isEmpty()) {
            return;
        }
        OriginChanges due = pending.take();
        if (due.everything()) {
            reconcileInBackground();
            return;
        }
        refreshing = true;
        refreshDirectories(due.directories())
                .onComplete(result -> ended(false, result.succeeded() ? result.result() : null, result.cause()));
    }

    private void reconcileInBackground() {
        if (stopped) {
            return;
        }
        refreshing = true;
        pending.take();
        polls.callOff();
        reconcile().onComplete(result -> ended(true, result.succeeded() ? result.result() : null, result.cause()));
    }

    @Dropped("a watch that cannot be begun is logged and begun again")
    private void ended(boolean everything, @Nullable SyncSummary summary, @Nullable Throwable failure) {
        refreshing = false;
        if (stopped) {
            return;
        }
        if (failure != null) {
            LOG.warn("Origin {} is not in step: {}", origin.id(), failure.getMessage());
        } else {
            polls.recovered();
        }
        if (failure != null && unpublished) {
            trouble = String.valueOf(failure.getMessage());
        } else if (everything && failure == null) {
            trouble = "";
        }
        if (summary != null && summary.heldRemovals() > 0) {
            // It may be on a disk that is away. When that comes back, the watch is of the place beneath it.
            watch.ifPresent(RestartingWatch::doubt);
        }
        boolean whole = summary != null && summary.whole();
        if (everything && whole && summary != null && summary.heldRemovals() == 0) {
            // It is back: that is what must be watched.
            watch.filter(RestartingWatch::doubted).ifPresent(doubted -> {
                var unused = doubted.begin();
            });
        }
        if (failure != null && unpublished) {
            // A catalog that is locked or whose disk is full is soon well again, and nothing tells of that.
            polls.soon();
        } else if (!whole || watch.filter(RestartingWatch::watching).isEmpty()) {
            polls.later();
        }
        unpublished = false;
        refreshPending();
    }

    private Future<Boolean> beginWatch() {
        return watch.map(RestartingWatch::begin).orElseGet(() -> Future.succeededFuture(false));
    }

    /** A watch that was begun again has everything looked at already. */
    @Dropped("a watch that cannot be begun is logged and begun again")
    private void pollUnlessTold(Future<Boolean> begunAgain) {
        begunAgain.onSuccess(told -> {
            if (!told) {
                poll();
            }
        });
    }

    private void poll() {
        pending.addEverything();
        refreshPending();
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> {
            try {
                work.get().onComplete(promise);
            } catch (RuntimeException | Error e) { // an origin that throws, although none should
                promise.fail(e);
            }
        });
        return promise.future();
    }
}
