package dev.musicfs.library;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.SupervisedTask;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Has the origins kept in step under supervision. For any thread; never blocks. */
public final class Syncs {
    private final LibraryService library;
    private final TaskSupervisor tasks;
    private final PrintStream out;
    private final Map<OriginId, SupervisedTask> running = new ConcurrentHashMap<>();

    /** @param out told of every origin that is watched */
    public Syncs(LibraryService library, TaskSupervisor tasks, PrintStream out) {
        this.library = library;
        this.tasks = tasks;
        this.out = out;
    }

    /** Starts one as soon as {@code before} is over, however it ends: the one whose place it takes. */
    public void start(LibrarySync sync, Future<Void> before) {
        SupervisedTask task = tasks.supervise(
                "sync-" + sync.origin(), Importance.CRITICAL, handle -> before.transform(over -> sync.start())
                        .onSuccess(done -> out.println("musicfs: watching " + sync.origin()))
                        .compose(done -> handle.stopRequested()));
        running.put(sync.origin(), task);
    }

    /** Starts all that there are. */
    public void startAll() {
        library.syncs().forEach(sync -> start(sync, Future.succeededFuture()));
    }

    /**
     * Takes over another configuration: ends what has changed and starts it anew, and what is new.
     *
     * @param shown has everybody ask the origins of the new configuration; called when what has changed is being ended
     */
    public void change(MusicFsConfig before, MusicFsConfig taken, OriginService.Change change, Runnable shown) {
        Set<OriginId> stopped = new LinkedHashSet<>();
        change.removed().forEach(each -> stopped.add(each.config().id()));
        for (OriginService.Running each : change.all()) {
            boolean disk = each.origin().directFiles().isPresent();
            if (!before.safety().equals(taken.safety())
                    || !before.library().equals(taken.library())
                    || LibraryService.wantsLayouts(before, !disk) != LibraryService.wantsLayouts(taken, !disk)) {
                stopped.add(each.config().id());
            }
        }
        Map<OriginId, Future<Void>> ends = new HashMap<>();
        stopped.forEach(id -> ends.put(id, stop(id)));
        shown.run();
        for (OriginService.Running each : change.all()) {
            OriginId id = each.config().id();
            if (stopped.contains(id) || change.added().contains(each)) {
                start(library.add(taken, each), ends.getOrDefault(id, Future.succeededFuture()));
            }
        }
    }

    /** Ends one; completes when what it was at has ended. */
    public Future<Void> stop(OriginId origin) {
        SupervisedTask task = running.remove(origin);
        Future<Void> released = task == null ? Future.succeededFuture() : tasks.release(task);
        return library.remove(origin).eventually(() -> released);
    }
}
