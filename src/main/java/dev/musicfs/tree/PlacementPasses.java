package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.Dropped;
import dev.musicfs.runtime.Backoff;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@linkplain PlacementPass passes} over all tracks, one at a time: a new pass ends the one before it, and one that fails, as
 * on a full disk, is repeated after 1 s, 5 s and then every 30 s. Safe for many threads.
 */
final class PlacementPasses {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementPasses.class);

    private final Function<List<LibraryChange>, Future<Void>> apply;
    private final WorkerExecutor worker;
    private final CatalogReader reader;
    private final CatalogWriter writer;
    private final Timers timers;
    private final Clock clock;
    // Guarded by this, which a pass asks between two pages.
    private int newest;
    private boolean closed;
    private Runnable callOff = () -> {};
    private Future<Void> last = Future.succeededFuture();
    private String trouble = "";

    PlacementPasses(
            Function<List<LibraryChange>, Future<Void>> apply,
            WorkerExecutor worker,
            CatalogReader reader,
            CatalogWriter writer,
            Timers timers,
            Clock clock) {
        this.apply = apply;
        this.worker = worker;
        this.reader = reader;
        this.writer = writer;
        this.timers = timers;
        this.clock = clock;
    }

    /**
     * Begins a pass under these ranks and this template, see {@link PlacementPass}.
     *
     * @return completes when it ends; a failure has been logged and the pass will be repeated
     */
    Future<Void> begin(String ranks, String template) {
        return begin(ranks, template, Backoff.later(clock));
    }

    private synchronized Future<Void> begin(String ranks, String template, Backoff backoff) {
        callOff.run();
        int mine = ++newest;
        BooleanSupplier given = () -> isGivenUp(mine);
        // One that is given up may still write what it reached.
        last = last.transform(before -> new PlacementPass(apply, worker, reader, writer, given, ranks, template).run())
                .onSuccess(done -> over(mine))
                .onFailure(e -> again(mine, ranks, template, backoff, e));
        return last;
    }

    private synchronized boolean isGivenUp(int number) {
        return closed || newest != number;
    }

    /** Why not all tracks are in their places, as of the last pass that failed; empty once one is through. */
    synchronized Optional<String> trouble() {
        return Optional.of(trouble).filter(why -> !why.isEmpty());
    }

    private synchronized void over(int number) {
        if (newest == number) {
            trouble = "";
        }
    }

    private synchronized void again(int number, String ranks, String template, Backoff backoff, Throwable why) {
        if (isGivenUp(number)) {
            return;
        }
        trouble = String.valueOf(why.getMessage());
        long delay = backoff.ended().toSeconds();
        if (backoff.inARow() == 1) {
            LOG.warn("Not all tracks are in their places yet: {} It is tried again until they are.", why.getMessage());
        } else {
            LOG.debug("Not all tracks are in their places yet, for {} s more: {}", delay, why.getMessage());
        }
        callOff = timers.after(Duration.ofSeconds(delay), () -> retry(number, ranks, template, backoff));
    }

    @Dropped("a pass logs its failure and is tried again")
    private synchronized void retry(int number, String ranks, String template, Backoff backoff) {
        if (!isGivenUp(number)) {
            var unused = begin(ranks, template, backoff);
        }
    }

    /** Gives up the one under way and begins no other. */
    synchronized void close() {
        closed = true;
        callOff.run();
    }
}
