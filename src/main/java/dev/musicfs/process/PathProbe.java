package dev.musicfs.process;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.ExecutorPools;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * Goes the way of a request: over an event loop to a thread that asks the tree, and back over that loop. The thread is
 * its own, so that a crowd on the other workers is not taken for a hang.
 */
@Attended(workers = "for the watchdog's probe, which has a deadline")
public final class PathProbe implements SelfProbe {
    private static final int MOST_WAITING = 16;

    private final Context loop;
    private final WorkerExecutor worker;
    private final Callable<?> treeAnswers;
    private final BooleanSupplier criticalTasksAlive;

    /**
     * Its thread ends with {@code vertx}.
     *
     * @param treeAnswers asks the tree and may block; throws when that cannot answer
     * @param criticalTasksAlive asked on the event loop, must not block: whether all runs without which nothing is served
     */
    public PathProbe(Vertx vertx, Callable<?> treeAnswers, BooleanSupplier criticalTasksAlive) {
        this.loop = vertx.getOrCreateContext();
        this.worker = ExecutorPools.workers(vertx, "musicfs-self-probe", "The self-probe", 1, MOST_WAITING);
        this.treeAnswers = treeAnswers;
        this.criticalTasksAlive = criticalTasksAlive;
    }

    @Override
    public Future<Void> probe() {
        Promise<Void> answer = Promise.promise();
        // The loop comes first: a tree that answers says nothing of it.
        loop.runOnContext(turn -> {
            if (!criticalTasksAlive.getAsBoolean()) {
                answer.fail(new MusicFsException(FailureKind.INTERNAL, "a task that must run has ended"));
                return;
            }
            worker.executeBlocking(treeAnswers, false).<Void>mapEmpty().onComplete(answer);
        });
        return answer.future();
    }
}
