package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.WallClock;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Timers;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes of the library to the catalog and shows them in the tree, one batch after another on a worker thread
 * of its own. With an {@link Announcer} attached, a change of what the kernel may know about is withheld until it is
 * announced; without one, changes are visible as soon as they are committed.
 */
@Attended(workers = "for batches, whose outcome their round waits for")
@WallClock("shows when a directory changed")
public final class TreeUpdater {
    private static final Logger LOG = LoggerFactory.getLogger(TreeUpdater.class);
    private static final int MOST_WAITING = 1_000;

    private record Planned(BatchPlan plan, NodeChanges changes, List<Announcement> announcements) {}

    private final WorkerExecutor worker;
    private final Tree tree;
    private final CatalogReader reader;
    private final CatalogWriter writer;
    private volatile Template template;
    private final Clock clock;
    private final PlacementPasses passes;
    private final CoverlessFolders coverless = new CoverlessFolders();
    private volatile ToIntFunction<OriginId> ranks;
    private volatile @Nullable Announcer announcer;
    private Future<Void> last = Future.succeededFuture();
    private volatile boolean ending;

    /** An updater to which all origins rank alike. */
    public TreeUpdater(
            Vertx vertx, Tree tree, CatalogReader reader, CatalogWriter writer, Template template, Clock clock) {
        this(vertx, tree, reader, writer, template, clock, origin -> 0);
    }

    /**
     * Nothing happens before the first batch; {@code tree} and {@code reader} are over the writer's catalog.
     *
     * @param ranks of origins: of the copies of a track, the one at the origin of the lowest rank is the leader. Always
     *     the same for an origin, whatever its health, until they are changed; asked on a worker thread
     */
    public TreeUpdater(
            Vertx vertx,
            Tree tree,
            CatalogReader reader,
            CatalogWriter writer,
            Template template,
            Clock clock,
            ToIntFunction<OriginId> ranks) {
        this(vertx, tree, reader, writer, template, clock, ranks, Timers.of(vertx));
    }

    /** The same with the given timers. */
    TreeUpdater(
            Vertx vertx,
            Tree tree,
            CatalogReader reader,
            CatalogWriter writer,
            Template template,
            Clock clock,
            ToIntFunction<OriginId> ranks,
            Timers timers) {
        this.ranks = ranks;
        this.worker = ExecutorPools.workers(vertx, "musicfs-tree", "The tree", 1, MOST_WAITING);
        this.tree = tree;
        this.reader = reader;
        this.writer = writer;
        this.template = template;
        this.clock = clock;
        this.passes = new PlacementPasses(this::apply, worker, reader, writer, timers, clock);
    }

    /** From now on changes are announced, beginning with the next batch. */
    public void attach(Announcer mount) {
        announcer = mount;
    }

    /** From now on nothing is announced; what is left of a batch under way becomes visible in silence. */
    public void detach() {
        announcer = null;
    }

    /**
     * Stores and shows a batch in one transaction, after all batches given before. A file may be named by one change
     * only. Completes when everything is visible; fails as {@link CatalogWriter#apply} does, and then nothing changed.
     */
    public synchronized Future<Void> apply(List<LibraryChange> batch) {
        List<LibraryChange> changes = List.copyOf(batch);
        last = last.transform(previous -> run(changes));
        return last;
    }

    /**
     * Compares a file with what may be its copies, once more of its audio is known. A failure is logged, but not that the
     * end came first: the file is then compared with the next change of it or of one of its possible copies.
     */
    public void reconsider(long fileId) {
        apply(List.of(new LibraryChange.Reconsidered(fileId))).onFailure(e -> {
            if (!ending) {
                LOG.warn("File {} is not compared with its copies: {}", fileId, e.getMessage());
            }
        });
    }

    /**
     * Finds out of every track which others are copies of it and where it belongs, unless the last pass that ended was
     * under these ranks and this template: for catalogs from before there were copies, and after the ranks of origins or
     * the template have changed. It goes in pages, each queued behind whatever else is to be applied. An interrupted pass
     * goes on where it was; one that fails is logged and tried again.
     *
     * @param ranksText a text that differs whenever the origins rank differently
     */
    public Future<Void> reconsiderAll(String ranksText) {
        return passes.begin(ranksText, Albums.rules(template));
    }

    /**
     * Changes ranks and template from the next batch on, and then does the same; a pass under the former ones is given
     * up.
     */
    public synchronized Future<Void> reconsiderAll(
            ToIntFunction<OriginId> otherRanks, String ranksText, Template otherTemplate) {
        ranks = otherRanks;
        template = otherTemplate;
        return reconsiderAll(ranksText);
    }

    /** Why tracks that {@link #reconsiderAll} concerns may not be in their places, in a sentence; empty when they are. */
    public Optional<String> trouble() {
        return passes.trouble();
    }

    /** Ends the worker after the batch it is at. */
    public Future<Void> close() {
        passes.close();
        return worker.close();
    }

    private Future<Void> run(List<LibraryChange> batch) {
        return worker.executeBlocking(() -> planBlocking(batch), false)
                .onFailure(failure -> coverless.clear())
                .compose(planned -> write(planned)
                        .onFailure(failure -> giveUp(planned))
                        .compose(done -> worker.<Void>executeBlocking(
                                () -> {
                                    showBlocking(planned);
                                    return null;
                                },
                                false)));
    }

    private Future<Void> write(Planned planned) {
        try {
            return writer.apply(planned.plan().mutations(planned.changes()));
        } catch (RuntimeException | Error e) {
            return Future.failedFuture(e);
        }
    }

    private Planned planBlocking(List<LibraryChange> batch) {
        BatchPlan plan =
                BatchPlan.ofBlocking(batch, reader, template, ranks, coverless, writer::nextNodeId, clock.wallNanos());
        NodeChanges changes = new NodeChanges(plan.tree());
        Announcer mount = announcer;
        List<Announcement> announcements = mount == null ? List.of() : Announcements.of(changes, plan.tree(), mount);
        tree.withhold(new Overlay(announcements));
        return new Planned(plan, changes, announcements);
    }

    private void giveUp(Planned planned) {
        coverless.clear();
        tree.forget(planned.changes().rows());
        tree.withholdNothing();
    }

    private void showBlocking(Planned planned) {
        try {
            tree.forget(planned.changes().rows());
            planned.announcements().forEach(this::show);
        } finally {
            tree.withholdNothing();
        }
    }

    // It is committed: whatever goes wrong with one of them, the others are shown and the batch has succeeded.
    private void show(Announcement announcement) {
        try {
            Announcer mount = announcer;
            if (mount == null) {
                announcement.publish();
            } else if (!tree.publishInSilence(announcement, mount)) {
                tree.announce(announcement, () -> announcement.tell(mount));
            }
        } catch (RuntimeException | Error failure) {
            LOG.warn(
                    "a change could not be announced through the mount; it is visible, but watchers were not told",
                    failure);
        }
    }
}
