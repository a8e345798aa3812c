package dev.musicfs.catalog;

import dev.musicfs.catalog.CatalogMaintenance.Backup;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.WallClock;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.TaskBody;
import dev.musicfs.runtime.TaskHandle;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes it safe to lose the catalog: checks it once after a start that followed no orderly end, looks whether its
 * file is still there, and backs it up: when there is no backup, when the library has become larger or smaller by a
 * twentieth, and once a day while it changes. What is backed up has been checked before. A supervised task; it ends when
 * it is asked to, and no failure ends it.
 */
@Attended(workers = "for checks and backups, whose failure ends the task")
@WallClock("asks how old a backup is, and allows for jumps of the clock")
public final class CatalogMaintainer implements TaskBody {
    /** Between two looks. */
    static final Duration LOOK = Duration.ofMinutes(10);

    /** From the start to the first look, so that a start is not held up by it. */
    static final Duration FIRST_LOOK = Duration.ofMinutes(1);

    /** The same after an end that was none. */
    static final Duration SOON = Duration.ofSeconds(5);

    static final Duration DAY = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(CatalogMaintainer.class);
    private static final Duration LONGEST_WORK = Duration.ofHours(1);
    private static final int MOST_WAITING = 16;
    private static final long SHARE_CHANGED = 20;

    private final Catalog catalog;
    private final CatalogMaintenance maintenance;
    private final Blocking blocking;
    private final Timers timers;
    private final Clock clock;
    // All of these on the one thread of the blocking work.
    private boolean checkDue;
    private boolean saved;
    private long changesBackedUp = -1;
    private String lastTrouble = "";

    /** Runs what blocks on a thread that may, one after another. */
    @FunctionalInterface
    public interface Blocking {
        /** Completes when the work is over. */
        Future<Void> run(Callable<Void> work);

        /** On a thread of its own that ends with {@code vertx}. */
        static Blocking of(Vertx vertx) {
            WorkerExecutor worker = ExecutorPools.workers(
                    vertx, "musicfs-catalog-maintenance", "The catalog's maintenance", 1, MOST_WAITING, LONGEST_WORK);
            return work -> worker.executeBlocking(work, true);
        }
    }

    public CatalogMaintainer(Catalog catalog, Blocking blocking, Timers timers, Clock clock) {
        this.catalog = catalog;
        this.maintenance = catalog.maintenance();
        this.blocking = blocking;
        this.timers = timers;
        this.clock = clock;
        this.checkDue = !catalog.wasClosedInOrder();
    }

    @Override
    public Future<Void> run(TaskHandle handle) {
        Promise<Void> end = Promise.promise();
        Runnable cancel = new Rounds(handle.stopRequested()).begin(checkDue ? SOON : FIRST_LOOK);
        handle.stopRequested().onComplete(asked -> {
            cancel.run();
            // Work under way ends by itself when the catalog is closed.
            end.tryComplete();
        });
        return end.future();
    }

    /** One look after another, with a pause between them. */
    private final class Rounds {
        private final Future<Void> stop;
        private volatile Runnable cancel = () -> {};

        Rounds(Future<Void> stop) {
            this.stop = stop;
        }

        Runnable begin(Duration delay) {
            cancel = timers.after(delay, () -> look().onComplete(done -> {
                if (stop.isComplete()) {
                    return;
                }
                if (done.failed()) {
                    LOG.error("The catalog could not be looked after; it is tried again.", done.cause());
                }
                begin(LOOK);
            }));
            return () -> cancel.run();
        }

        // A worker for which the system gives no thread throws.
        private Future<Void> look() {
            return Future.future(answer -> blocking.run(() -> {
                        lookBlocking();
                        return null;
                    })
                    .onComplete(answer));
        }
    }

    private void lookBlocking() {
        try {
            if (!maintenance.isInPlaceBlocking()) {
                saveBlocking();
            } else if (isWholeBlocking() && isBackupDueBlocking()) {
                long changes = catalog.changes();
                if (maintenance.checkBlocking()) {
                    LOG.debug("The catalog is backed up as {}.", maintenance.backUpBlocking());
                    changesBackedUp = changes;
                }
            }
            lastTrouble = "";
        } catch (MusicFsException e) {
            // Damage has been told of where it was met; the same trouble is told of once.
            String trouble = String.valueOf(e.getMessage());
            if (catalog.damage().isEmpty() && !trouble.equals(lastTrouble)) {
                LOG.warn("The catalog is not backed up: {} It is tried again every ten minutes.", trouble);
            }
            lastTrouble = trouble;
        }
    }

    private boolean isWholeBlocking() {
        if (checkDue) {
            maintenance.checkBlocking();
            checkDue = false;
        }
        return catalog.damage().isEmpty();
    }

    /** Somebody deleted or replaced the file; only this process, which has it open, can still read the old one. */
    private void saveBlocking() {
        maintenance.noteMisplacedBlocking();
        if (!saved) {
            LOG.warn("What the catalog held is kept as {}.", maintenance.backUpBlocking());
            saved = true;
        }
    }

    private boolean isBackupDueBlocking() {
        long files = catalog.reader().totalsBlocking().files();
        Optional<Backup> newest = maintenance.newestBackupBlocking();
        if (newest.isEmpty()) {
            return files > 0;
        }
        // A clock that was set makes an age negative; then nothing is known of it.
        long age = clock.wallNanos() - newest.get().wallNanos();
        boolean old = age < 0 || age >= DAY.toNanos();
        long before = newest.get().files().orElse(0L);
        boolean different = Math.abs(files - before) * SHARE_CHANGED > Math.max(before, 1);
        return different || (old && catalog.changes() != changesBackedUp);
    }
}
