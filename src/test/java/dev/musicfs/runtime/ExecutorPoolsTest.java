package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools with a bound, and on a system that gives no further thread. */
class ExecutorPoolsTest {
    private final ManualClock clock = new ManualClock();
    private final AtomicInteger left = new AtomicInteger(1);
    private final AtomicInteger asked = new AtomicInteger();
    private ExecutorService pool = pool();

    private ExecutorService pool() {
        return new ExecutorPools(clock)
                .createExecutor(
                        work -> new Thread(work, "scarce") {
                            @Override
                            public synchronized void start() {
                                asked.incrementAndGet();
                                if (left.getAndDecrement() <= 0) {
                                    throw new OutOfMemoryError("unable to create native thread");
                                }
                                super.start();
                            }
                        },
                        4,
                        4);
    }

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    @Test
    @Resilience("5.3")
    void tasksGoToTheThreadsThatAreThereAndAFurtherOneIsAskedForOnceInASecond() throws Exception {
        run(10);
        assertThat(asked).hasValue(2);
        clock.advance(Duration.ofSeconds(1));
        left.set(10);
        run(10);
        assertThat(asked).hasValue(5);
    }

    @Test
    @Resilience("5.3")
    void withoutAnyThreadTheyAreRefusedUntilThereIsOne() throws Exception {
        pool.shutdown();
        left.set(0);
        pool = pool();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        left.set(1);
        run(10);
        pool.shutdown();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aCallBeyondTheBoundIsRefusedAtOnceAndTheNextOneIsNot() throws Exception {
        Vertx vertx = TestingVertx.start();
        try {
            WorkerExecutor workers = ExecutorPools.workers(vertx, "bounded", "Origin nas", 1, 1);
            CountDownLatch held = new CountDownLatch(1);
            Future<Boolean> running = workers.executeBlocking(() -> held.await(30, TimeUnit.SECONDS), false);
            Future<Integer> waiting = workers.executeBlocking(() -> 2, false);
            Future<Integer> refused = workers.executeBlocking(() -> 3, false);
            assertThat(refused.cause())
                    .hasMessage("Origin nas has too much to do at present.")
                    .isInstanceOfSatisfying(MusicFsException.class, ExecutorPoolsTest::isUnavailable);

            held.countDown();
            assertThat(result(running)).isTrue();
            assertThat(result(waiting)).isEqualTo(2);
            assertThat(result(workers.executeBlocking(() -> 4, false))).isEqualTo(4);
        } finally {
            result(vertx.close());
        }
    }

    @Test
    void aCallThatFailsOrThrowsGivesItsPlaceBack() throws Exception {
        Vertx vertx = TestingVertx.start();
        try {
            WorkerExecutor workers = ExecutorPools.workers(vertx, "failing", "Origin nas", 1, 0);
            IllegalStateException defect = new IllegalStateException("a defect");
            for (int i = 0; i < 3; i++) {
                Future<Object> failed = workers.executeBlocking(
                        () -> {
                            throw defect;
                        },
                        false);
                assertThatThrownBy(() -> result(failed)).hasCause(defect);
            }
        } finally {
            result(vertx.close());
        }
    }

    @Test
    void workersThatAreClosedRefuseByAFailedFuture() throws Exception {
        Vertx vertx = TestingVertx.start();
        try {
            WorkerExecutor workers = ExecutorPools.workers(vertx, "closed", "Origin nas", 1, 1);
            result(workers.close());
            assertThat(workers.executeBlocking(() -> 1, false).cause())
                    .hasMessage("Origin nas is stopped.")
                    .isInstanceOfSatisfying(MusicFsException.class, ExecutorPoolsTest::isUnavailable);
        } finally {
            result(vertx.close());
        }
    }

    @Test
    @Resilience("5.3")
    void whenThereIsNoThreadItIsSaidWhatToRaise() {
        RejectedExecutionException noThread =
                new RejectedExecutionException("no thread", new OutOfMemoryError("unable to create native thread"));
        WorkerExecutor workers = new BoundedWorkers(refusing(noThread), "Origin nas", 2);
        for (int i = 0; i < 3; i++) {
            assertThat(workers.executeBlocking(() -> 1, false).cause())
                    .hasMessageStartingWith("The system gives no thread for Origin nas; raise the limit of tasks")
                    .isInstanceOfSatisfying(MusicFsException.class, ExecutorPoolsTest::isUnavailable);
        }
    }

    @Test
    void anExecutorThrowsBeyondItsBoundAndHandsOnWhatTasksThrow() throws Exception {
        Vertx vertx = TestingVertx.start();
        try {
            CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
            vertx.exceptionHandler(uncaught::complete);
            Executor executor = ExecutorPools.executor(vertx, "tasks", 1, 0);
            CountDownLatch held = new CountDownLatch(1);
            IllegalStateException defect = new IllegalStateException("a defect");
            executor.execute(() -> {
                await(held);
                throw defect;
            });
            assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            held.countDown();
            assertThat(uncaught.get(30, TimeUnit.SECONDS)).isSameAs(defect);

            result(vertx.close());
            assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        } finally {
            result(vertx.close());
        }
    }

    private static WorkerExecutor refusing(RuntimeException refusal) {
        return new WorkerExecutor() {
            @Override
            public <T> Future<T> executeBlocking(Callable<T> call, boolean ordered) {
                throw refusal;
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }

            @Override
            public boolean isMetricsEnabled() {
                return false;
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void isUnavailable(MusicFsException failure) {
        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    private static <T> T result(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void run(int tasks) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            pool.execute(done::countDown);
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
