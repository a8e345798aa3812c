package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskState.State;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DedicatedThreadTest {
    private final ManualTime time = new ManualTime();
    private final TaskSupervisor tasks = new TaskSupervisor(time, time, (address, event) -> {});

    @Test
    void isWokenWhenItIsToEnd() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        SupervisedTask task = tasks.supervise("loop", Importance.CRITICAL, new DedicatedThread("loop", ended -> {
            began.countDown();
            while (!ended.getAsBoolean()) {
                LockSupport.park();
            }
        }));
        assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(task.state().state()).isEqualTo(State.RUNNING);
        await(task.stop());
        assertThat(task.state().state()).isEqualTo(State.STOPPED);
    }

    @Test
    @Resilience("2.6")
    void whateverItsWorkThrowsIsNoticedAndItIsBegunAgain() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        SupervisedTask task = tasks.supervise("loop", Importance.CRITICAL, new DedicatedThread("loop", ended -> {
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("none left");
            }
            again.countDown();
            awaitUninterruptibly(over);
        }));
        while (task.state().state() != State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(task.state().lastError()).contains("none left");
        time.advance(Duration.ZERO);
        assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(task.state().restarts()).isOne();
        over.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
