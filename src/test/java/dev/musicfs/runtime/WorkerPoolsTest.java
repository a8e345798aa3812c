package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools of Vert.x on a system that gives no further thread. */
class WorkerPoolsTest {
    private final ManualClock clock = new ManualClock();
    private final AtomicInteger left = new AtomicInteger(1);
    private final AtomicInteger asked = new AtomicInteger();
    private ExecutorService pool = pool();

    private ExecutorService pool() {
        return new WorkerPools(clock)
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

    private void run(int tasks) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            pool.execute(done::countDown);
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
