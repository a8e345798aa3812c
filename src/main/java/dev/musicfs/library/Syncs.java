package dev.musicfs.library;

import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.SupervisedTask;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.util.Map;
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

    /** Ends one; completes when what it was at has ended. */
    public Future<Void> stop(OriginId origin) {
        SupervisedTask task = running.remove(origin);
        Future<Void> released = task == null ? Future.succeededFuture() : tasks.release(task);
        return library.remove(origin).eventually(() -> released);
    }
}
