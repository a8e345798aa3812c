package dev.musicfs.process;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PathProbeTest {
    private final Vertx vertx = TestingVertx.start(new VertxOptions().setEventLoopPoolSize(1));

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    @Resilience("3.1")
    void answersWhenLoopAndTreeDo() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        await(new PathProbe(vertx, () -> thread.complete(Thread.currentThread().getName()), () -> true).probe());
        assertThat(thread.join()).startsWith("musicfs-self-probe");
    }

    @Test
    @Resilience("3.1")
    void failsWithTheTreesReason() {
        PathProbe probe = new PathProbe(
                vertx,
                () -> {
                    throw new IllegalStateException("database disk image is malformed");
                },
                () -> true);
        assertThatThrownBy(() -> await(probe.probe()))
                .hasCauseInstanceOf(ExecutionException.class)
                .hasMessageContaining("malformed");
    }

    @Test
    @Resilience("3.1")
    void failsWhenATaskThatMustRunHasEnded() {
        AtomicBoolean treeAsked = new AtomicBoolean();
        PathProbe probe = new PathProbe(vertx, () -> treeAsked.getAndSet(true), () -> false);
        assertThatThrownBy(() -> await(probe.probe())).hasMessageContaining("has ended");
        assertThat(treeAsked).isFalse();
    }

    @Test
    @Resilience("3.1")
    void aLoopThatDoesNotTurnGivesNoAnswer() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicBoolean turnsAgain = new AtomicBoolean();
        vertx.runOnContext(turn -> held(stuck));
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        Future<Void> answer = new PathProbe(vertx, () -> asked.complete(turnsAgain.get()), () -> true).probe();

        assertThat(answer.isComplete()).isFalse();
        turnsAgain.set(true);
        stuck.countDown();
        await(answer);
        assertThat(asked.join())
                .as("the tree was asked only after the loop turned")
                .isTrue();
    }

    @Test
    @Resilience("3.1")
    void aTreeThatHangsGivesNoAnswerAndDoesNotHoldTheLoop() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Future<Void> answer = new PathProbe(
                        vertx,
                        () -> {
                            asked.countDown();
                            return held(hangs);
                        },
                        () -> true)
                .probe();
        asked.await();
        await(vertx.timer(1));
        assertThat(answer.isComplete()).isFalse();

        hangs.countDown();
        await(answer);
    }

    private static boolean held(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
