package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.spi.ExecutorServiceFactory;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Makes every pool of threads in the program: each of a fixed size, with a bound for what waits in it, and prepared for a
 * system that gives no further thread ({@link SteadyPool}). For any thread.
 *
 * <p>Vert.x has its own pools made here as well; it finds this class through
 * {@code META-INF/services/io.vertx.core.spi.VertxServiceProvider}. Their queues have no bound: those that the program
 * gives work to are made by {@link #workers}, which bounds it before.
 */
@Attended(threads = "the user of a pool says what looks after its work")
public final class ExecutorPools implements ExecutorServiceFactory {
    private final Clock clock;

    /** For Vert.x. */
    public ExecutorPools() {
        this(Clock.system());
    }

    ExecutorPools(Clock clock) {
        this.clock = clock;
    }

    @Override
    public ExecutorService createExecutor(ThreadFactory factory, Integer concurrency, Integer maxConcurrency) {
        return new SteadyPool(maxConcurrency, new LinkedBlockingQueue<>(), factory, clock);
    }

    /**
     * Threads for calls that block and whose outcome somebody waits for. Its {@code executeBlocking} never throws: what is
     * refused fails with a {@link dev.musicfs.failure.MusicFsException} of kind {@code UNAVAILABLE}.
     *
     * @param name of its threads; pools of one Vert.x with the same name share them
     * @param owner how failures begin that say it was refused, such as "Origin nas"
     * @param queued how many calls may wait for a thread; further ones are refused
     */
    public static WorkerExecutor workers(Vertx vertx, String name, String owner, int threads, int queued) {
        return new BoundedWorkers(vertx.createSharedWorkerExecutor(name, threads), owner, threads + queued);
    }

    /** The same; {@code longestCall} is how long a call may take before the blocked-thread checker complains. */
    public static WorkerExecutor workers(
            Vertx vertx, String name, String owner, int threads, int queued, Duration longestCall) {
        WorkerExecutor pool =
                vertx.createSharedWorkerExecutor(name, threads, longestCall.toNanos(), TimeUnit.NANOSECONDS);
        return new BoundedWorkers(pool, owner, threads + queued);
    }

    /**
     * Threads for tasks whose outcome the task itself hands on. It throws {@link java.util.concurrent.RejectedExecutionException}
     * when as many as {@code queued} wait already, or it ended with its Vert.x. What a task throws goes to the exception
     * handler of Vert.x.
     */
    public static Executor executor(Vertx vertx, String name, int threads, int queued) {
        WorkerExecutor pool = vertx.createSharedWorkerExecutor(name, threads);
        return new BoundedExecutor(vertx, pool, threads + queued);
    }

    /** One daemon thread of this name; it refuses tasks while as many as {@code queued} wait for it. */
    public static ExecutorService singleThread(String name, int queued) {
        return steady(queued, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The same with a thread that somebody else makes. */
    public static ExecutorService singleThread(int queued, ThreadFactory factory) {
        return steady(queued, factory);
    }

    private static ExecutorService steady(int queued, ThreadFactory factory) {
        return new SteadyPool(1, new ArrayBlockingQueue<>(queued), factory, Clock.system());
    }
}
